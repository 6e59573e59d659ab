import { ProxyTracerProvider, type Tracer, trace } from '@opentelemetry/api'
import type { Config } from '../config.ts'
import { SDK_VERSION } from '../version.ts'
import type { CairnSpanProcessor } from './span-processor.ts'

/** How this SDK makes and sends its spans. */
export interface Telemetry {
  readonly tracer: Tracer
  /** Whether the tracer's root spans take the trace id of `withTraceId`. */
  readonly forcesTraceId: boolean
  /** Waits until the collector has every span that has ended, for a bounded time. Never rejects. */
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * Finds or makes the tracing of a process: the app's own with a `CairnSpanProcessor`; else one of ours, global if there is
 * none, private if the app's sends elsewhere.
 */
export async function openTelemetry(config: Config): Promise<Telemetry> {
  if (!config.telemetry)
    return { tracer: new ProxyTracerProvider().getTracer('@cairn/sdk'), forcesTraceId: false, flush: nothing, close: nothing }
  const { findSpanProcessor } = await import('./span-processor.ts')
  const existing = findSpanProcessor(config)
  if (existing !== undefined && hasGlobalProvider()) return join(existing)
  return hasGlobalProvider() ? openPrivate(config) : openGlobal(config)
}

async function join(processor: CairnSpanProcessor): Promise<Telemetry> {
  const { runIdProcessors } = await import('./id-generator.ts')
  return {
    tracer: trace.getTracer('@cairn/sdk', SDK_VERSION),
    forcesTraceId: runIdProcessors.has(processor),
    flush: () => processor.forceFlush(),
    close: () => processor.forceFlush(),
  }
}

const nothing = async (): Promise<void> => {}

function hasGlobalProvider(): boolean {
  const provider = trace.getTracerProvider()
  if (!(provider instanceof ProxyTracerProvider)) return true
  // An unset proxy delegates to the API's no-op provider, which isn't exported.
  return provider.getDelegate().constructor.name !== 'NoopTracerProvider'
}

async function openGlobal(config: Config): Promise<Telemetry> {
  const { setupOtel } = await import('./setup.ts')
  const { processorOptions } = await import('./span-processor.ts')
  const otel = setupOtel({
    ...processorOptions(config),
    ...(config.serviceName === undefined ? {} : { serviceName: config.serviceName }),
  })
  return {
    tracer: trace.getTracer('@cairn/sdk', SDK_VERSION),
    forcesTraceId: true,
    flush: otel.flush,
    close: otel.shutdown,
  }
}

async function openPrivate(config: Config): Promise<Telemetry> {
  const { TracerProvider } = await import('@opentelemetry/sdk-trace')
  const { defaultResource, resourceFromAttributes } = await import('@opentelemetry/resources')
  const { CairnSpanProcessor, processorOptions } = await import('./span-processor.ts')
  const { RunIdGenerator } = await import('./id-generator.ts')
  const { findServiceName } = await import('./service-name.ts')
  const processor: CairnSpanProcessor = new CairnSpanProcessor(processorOptions(config))
  const serviceName = config.serviceName ?? findServiceName(process.cwd())
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
    idGenerator: new RunIdGenerator(),
    spanProcessors: [processor],
  })
  return {
    tracer: provider.getTracer('@cairn/sdk', SDK_VERSION),
    forcesTraceId: true,
    flush: () => processor.forceFlush(),
    close: () => provider.shutdown(),
  }
}
