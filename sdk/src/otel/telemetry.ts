import { context, ProxyTracerProvider, propagation, type Tracer, trace } from '@opentelemetry/api'
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
  return openOwn(config)
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

/** Global where the process has no set-up of its own; private beside one that sends elsewhere. */
async function openOwn(config: Config): Promise<Telemetry> {
  const { CairnSpanProcessor, processorOptions } = await import('./span-processor.ts')
  const { makeProvider, registerGlobally } = await import('./provider.ts')
  const { runIdProcessors } = await import('./id-generator.ts')
  const { findServiceName } = await import('./service-name.ts')
  const processor: CairnSpanProcessor = new CairnSpanProcessor(processorOptions(config))
  runIdProcessors.add(processor)
  const provider = makeProvider(processor, config.serviceName ?? findServiceName(process.cwd()))
  const isGlobal = !hasGlobalProvider()
  if (isGlobal) registerGlobally(provider)
  return {
    tracer: provider.getTracer('@cairn/sdk', SDK_VERSION),
    forcesTraceId: true,
    flush: () => processor.forceFlush(),
    close: async () => {
      await provider.shutdown()
      if (!isGlobal) return
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}
