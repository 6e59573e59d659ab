import { CallWindow } from './call-window.ts'
import type { WrittenSpan } from './memory-codec.ts'
import { RecentWindow } from './recent-window.ts'
import { type BilledWindows, type OwnedSpan, rememberBilled, settleBillable, toBilledSpan } from './settle-billable.ts'

/** An exporter that got no answer sends again within minutes: so many spans are remembered, about 30 bytes each. */
const REMEMBERED_SPANS = 300_000
const REMEMBERED_CALLS = 100_000
const INTERRUPTED = 1
const FINAL = 2

/** What was written lately: a span that comes again is dropped, a call that was billed is not billed again. */
export class SpanMemory {
  private readonly seen = new RecentWindow(REMEMBERED_SPANS)
  private readonly billed: BilledWindows = {
    calls: new CallWindow(REMEMBERED_CALLS),
    traces: new RecentWindow(REMEMBERED_CALLS),
    parents: new RecentWindow(REMEMBERED_CALLS),
  }

  /** Whether a span was written before. The real one replaces one that was written for a dead process; else the first stays. */
  has(key: string, isFinal: boolean): boolean {
    return (this.seen.get(key) ?? 0) >= (isFinal ? FINAL : INTERRUPTED)
  }

  /** Settles which of the spans of a block count. The same spans after the same history give the same result. */
  settle(spans: readonly OwnedSpan[]): void {
    settleBillable(spans, this.billed)
  }

  remember(written: Iterable<WrittenSpan>): void {
    for (const span of written) {
      this.seen.set(spanKey(span.projectId, span), span.isFinal ? FINAL : INTERRUPTED)
      rememberBilled(span, this.billed)
    }
  }
}

export const spanKey = (projectId: string, { traceId, spanId }: { readonly traceId: string; readonly spanId: string }): string =>
  projectId + traceId + spanId

export const toWritten = ({ projectId, span }: OwnedSpan): WrittenSpan => ({
  projectId,
  traceId: span.traceId,
  spanId: span.spanId,
  isFinal: !span.provisional,
  billed: toBilledSpan(span),
})
