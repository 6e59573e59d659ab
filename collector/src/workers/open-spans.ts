import type { OpenSpan } from '@cairn/sdk/protocol'

const MOST = 100_000

/** The spans that a worker has begun and not ended: what its death would cut off. Bounded; the oldest give way. */
export class OpenSpans {
  readonly #spans = new Map<string, OpenSpan>()

  update(opened: readonly OpenSpan[], closed: readonly string[]): void {
    for (const span of opened) this.#spans.set(span.spanId, span)
    for (const id of closed) this.#spans.delete(id)
    while (this.#spans.size > MOST) {
      const oldest = this.#spans.keys().next().value
      if (oldest === undefined) return
      this.#spans.delete(oldest)
    }
  }

  all(): OpenSpan[] {
    return [...this.#spans.values()]
  }

  ofTrace(traceId: string): OpenSpan[] {
    return this.all().filter((span) => span.traceId === traceId)
  }

  /** For each run the step that began last: the one to suspect. */
  stepsInFlight(): Map<string, string> {
    const steps = new Map<string, string>()
    for (const span of this.#spans.values()) {
      const key = span.attributes['cairn.step.key']
      if (!span.root && typeof key === 'string') steps.set(span.runId, key)
    }
    return steps
  }
}
