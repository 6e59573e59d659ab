import type { PricedSpan } from '../map/mapped-span.ts'
import type { BilledSpan, WrittenSpan } from './memory-codec.ts'
import type { RecentWindow } from './recent-window.ts'

const CALLS = new Set(['model', 'embedding', 'reranker'])
const WRAPPERS = new Set(['agent', 'workflow', 'step', 'other'])

/** A span with the project it belongs to: one insert holds those of several. */
export interface OwnedSpan {
  readonly projectId: string
  readonly span: PricedSpan
}

/** When a billed call ran, and as which span. */
interface BilledCall {
  readonly spanId: string
  readonly startNs: bigint
  readonly endNs: bigint
}

/** What earlier inserts billed. */
export interface BilledWindows {
  /** By response id. */
  readonly calls: RecentWindow<BilledCall>
  /** Traces that have a billed call, with its span's id. */
  readonly traces: RecentWindow<string>
  /** Spans that a billed call lies directly in, with its span's id. */
  readonly parents: RecentWindow<string>
}

/**
 * Says of each span of an insert whether its usage counts into sums, so that each call counts once: of two
 * instrumentations' spans for one call (one in the other, or at the same time with the same response id) the inner one does; of a wrapper that
 * reports its calls' sum (an agent around chats) the calls do, and the wrapper only where its trace shows no call.
 */
export function settleBillable(spans: readonly OwnedSpan[], billed: BilledWindows): void {
  const outer = new Set<string>()
  for (const { projectId, span } of spans) if (isCall(span) && span.usageReported) outer.add(parentKey(projectId, span))
  const calls = new Map<string, BilledCall>()
  const traces = new Set<string>()
  for (const { projectId, span } of spans) {
    if (!isCall(span)) continue
    const self = spanKey(projectId, span)
    const isOuter = outer.has(self) || billed.parents.has(self)
    const key = callKey(projectId, span)
    const other = key === undefined ? undefined : (billed.calls.get(key) ?? calls.get(key))
    span.billable = !isOuter && (other === undefined || other.spanId === span.spanId || !overlaps(other, span))
    if (span.billable && key !== undefined) calls.set(key, toBilled(span))
    if (span.billable && span.usageReported) traces.add(traceKey(projectId, span))
  }
  for (const { projectId, span } of spans) {
    if (!WRAPPERS.has(span.kind)) continue
    const trace = traceKey(projectId, span)
    span.billable = span.usageReported && !traces.has(trace) && [undefined, span.spanId].includes(billed.traces.get(trace))
    if (span.billable) traces.add(trace)
  }
}

/** How a span was billed, for what comes after it; undefined: not at all. */
export function toBilledSpan(span: PricedSpan): BilledSpan | undefined {
  if (!span.billable) return undefined
  const { usageReported, parentSpanId, responseId, startNs, endNs } = span
  return { isCall: isCall(span), usageReported, parentSpanId, responseId, startNs, endNs }
}

export function rememberBilled({ projectId, traceId, spanId, billed: span }: WrittenSpan, windows: BilledWindows): void {
  if (span === undefined) return
  const trace = `${projectId}${traceId}`
  if (span.isCall && span.responseId !== '')
    windows.calls.set(`${trace}${span.responseId}`, { spanId, startNs: span.startNs, endNs: span.endNs })
  if (span.isCall && span.usageReported && span.parentSpanId !== '') windows.parents.set(`${trace}${span.parentSpanId}`, spanId)
  if (span.usageReported) windows.traces.set(trace, spanId)
}

/** A cache or a mock may answer two calls with one id: one after the other, they are two. */
const overlaps = (a: BilledCall, b: BilledCall): boolean => a.startNs <= b.endNs && b.startNs <= a.endNs
const toBilled = ({ spanId, startNs, endNs }: PricedSpan): BilledCall => ({ spanId, startNs, endNs })

/** A step around a model call, or one that a crash cut off, names no model or knows no usage: it is no call to pay for. */
const isCall = (span: PricedSpan): boolean =>
  CALLS.has(span.kind) && (span.usageReported || (!span.interrupted && (span.modelRequest !== '' || span.modelResponse !== '')))
const spanKey = (projectId: string, span: PricedSpan): string => `${projectId}${span.traceId}${span.spanId}`
const parentKey = (projectId: string, span: PricedSpan): string => `${projectId}${span.traceId}${span.parentSpanId}`
const traceKey = (projectId: string, span: PricedSpan): string => `${projectId}${span.traceId}`
const callKey = (projectId: string, span: PricedSpan): string | undefined =>
  span.responseId === '' ? undefined : `${projectId}${span.traceId}${span.responseId}`
