import type { WrittenSpan } from './memory-codec.ts'
import { RecentWindow } from './recent-window.ts'
import { type BilledWindows, type OwnedSpan, rememberBilled, settleBillable, toBilledSpan } from './settle-billable.ts'

/** An exporter that got no answer sends again within minutes: so many spans are remembered, about 100 bytes each. */
const REMEMBERED_SPANS = 300_000
const REMEMBERED_CALLS = 100_000

/** What was written lately: a span that comes again is dropped, a call that was billed is not billed again. */
export class SpanMemory {
  private readonly seen = new RecentWindow<number>(REMEMBERED_SPANS)
  private readonly billed: BilledWindows = {
    calls: new RecentWindow(REMEMBERED_CALLS),
    traces: new RecentWindow(REMEMBERED_CALLS),
    parents: new RecentWindow(REMEMBERED_CALLS),
  }

  /** Drops what was written before and settles what counts. The same spans after the same history give the same result. */
  settle(spans: readonly OwnedSpan[]): OwnedSpan[] {
    const fresh = this.dropSeen(spans)
    settleBillable(fresh, this.billed)
    return fresh
  }

  remember(written: Iterable<WrittenSpan>): void {
    for (const span of written) {
      this.seen.set(`${span.projectId}${span.traceId}${span.spanId}`, finality(span.isFinal))
      rememberBilled(span, this.billed)
    }
  }

  /** The real span replaces one that was written for a dead process; else the first of a kind stays. */
  private dropSeen(spans: readonly OwnedSpan[]): OwnedSpan[] {
    const fresh = new Map<string, OwnedSpan>()
    for (const owned of spans) {
      const { projectId, span } = owned
      const key = `${projectId}${span.traceId}${span.spanId}`
      const known = fresh.get(key)
      const before = Math.max(this.seen.get(key) ?? 0, known === undefined ? 0 : finality(!known.span.interrupted))
      if (finality(!span.interrupted) > before) fresh.set(key, owned)
    }
    return [...fresh.values()]
  }
}

export const toWritten = ({ projectId, span }: OwnedSpan): WrittenSpan => ({
  projectId,
  traceId: span.traceId,
  spanId: span.spanId,
  isFinal: !span.interrupted,
  billed: toBilledSpan(span),
})

const finality = (isFinal: boolean): number => (isFinal ? 2 : 1)
