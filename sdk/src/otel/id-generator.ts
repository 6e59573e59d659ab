import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace'

let forcedTraceId: string | null = null

/** Starts a root span whose trace has this id: all executions of a run share one trace. */
export function withTraceId<T>(traceId: string, startSpan: () => T): T {
  forcedTraceId = traceId
  try {
    return startSpan()
  } finally {
    forcedTraceId = null
  }
}

/** Random ids, but for the trace of a run that goes on. */
export class RunIdGenerator implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  generateTraceId = (): string => forcedTraceId ?? this.#random.generateTraceId()
  generateSpanId = (): string => this.#random.generateSpanId()
}

/** Processors of set-ups that use `RunIdGenerator`. */
export const runIdProcessors = new WeakSet<object>()
