import { NO_COST, type OpenSpan, SPAN_KINDS, type SpanSummary } from '@cairn/sdk/protocol'

/** What a waterfall draws of a span. */
export type DrawnSpan = Pick<
  SpanSummary,
  'spanId' | 'parentSpanId' | 'name' | 'kind' | 'status' | 'interrupted' | 'stepKey' | 'execution' | 'startTime' | 'billable' | 'cost'
> & {
  /** Null while it goes on. */
  readonly endTime: string | null
  readonly tokens: number
}

export function fromSummary({ usage, ...span }: SpanSummary): DrawnSpan {
  return { ...span, tokens: usage.total }
}

/** A span that has begun and not ended has only what its worker announced. */
export function fromOpenSpan(span: OpenSpan): DrawnSpan {
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: SPAN_KINDS.find((kind) => kind === span.attributes['cairn.kind']) ?? 'other',
    status: 'unset',
    interrupted: false,
    stepKey: String(span.attributes['cairn.step.key'] ?? ''),
    execution: span.execution,
    startTime: span.startTime,
    endTime: null,
    billable: false,
    cost: NO_COST,
    tokens: 0,
  }
}
