import { trace } from '@opentelemetry/api'
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node'
import { type CairnOptions, parseConfig } from '../config.ts'
import { RunIdGenerator, runIdProcessors } from './id-generator.ts'
import { processResource, RESOURCE_DETECTORS, SPAN_LIMITS } from './provider.ts'
import { findServiceName } from './service-name.ts'
import { CairnSpanProcessor, processorOptions } from './span-processor.ts'

export interface OtelOptions extends Pick<CairnOptions, 'url' | 'apiKey' | 'serviceName' | 'outage' | 'journalDir' | 'journalSpanBytes'> {
  /** Instrumentations to switch on, as OpenInference's for the `openai` package. */
  instrumentations?: NodeSDKConfiguration['instrumentations']
}

/** A running OpenTelemetry set-up. */
export interface Otel {
  readonly processor: CairnSpanProcessor
  /** Waits until the collector has every span that has ended, at most 10 s. Never rejects. */
  flush(): Promise<void>
  /** Flushes, and stops tracing in this process. */
  shutdown(): Promise<void>
}

/**
 * Sets up OpenTelemetry for this process, sending to Cairn. `new Cairn()` does this by itself unless the process has a set-up;
 * call it first to switch on instrumentations, or to trace without using runs.
 * @example
 * setupOtel({ instrumentations: [new OpenAIInstrumentation()] })
 * @throws {CairnError} `invalid_config`
 */
export function setupOtel(options: OtelOptions = {}): Otel {
  const { instrumentations, ...rest } = options
  const config = parseConfig(rest, process.env)
  const processor = new CairnSpanProcessor(processorOptions(config))
  runIdProcessors.add(processor)
  const sdk = new NodeSDK({
    resource: processResource(config.serviceName ?? findServiceName(process.cwd())),
    resourceDetectors: RESOURCE_DETECTORS,
    idGenerator: new RunIdGenerator(),
    spanLimits: SPAN_LIMITS,
    spanProcessors: [processor],
    metricReaders: [],
    logRecordProcessors: [],
    ...(instrumentations === undefined ? {} : { instrumentations }),
  })
  sdk.start()
  return {
    processor,
    flush: () => processor.forceFlush(),
    shutdown: async () => {
      await sdk.shutdown()
      trace.disable()
    },
  }
}
