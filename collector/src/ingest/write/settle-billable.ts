import type { PricedSpan } from '../map/mapped-span.ts'
import { type BilledCall, type CallWindow, toBilledCall } from './call-window.ts'
import { shortHash } from './fingerprints.ts'
import type { BilledSpan, WrittenSpan } from './memory-codec.ts'
import type { RecentWindow } from './recent-window.ts'

const CALLS = new Set(['model', 'embedding', 'reranker'])
const WRAPPERS = new Set(['agent', 'workflow', 'step', 'other'])

/** What of a span says whether it counts. */
export type SettledSpan = Pick<
  PricedSpan,
  | 'traceId'
  | 'spanId'
  | 'parentSpanId'
  | 'kind'
  | 'interrupted'
  | 'provisional'
  | 'usageReported'
  | 'modelRequest'
  | 'modelResponse'
  | 'responseId'
  | 'startNs'
  | 'endNs'
  | 'billable'
>

/** A span with the project it belongs to: one insert holds those of several. */
export interface OwnedSpan {
  readonly projectId: string
  readonly span: SettledSpan
}

/** What earlier inserts billed. */
export interface BilledWindows {
  /** By response id. */
  readonly calls: CallWindow
  /** Traces that have a billed call, with the `shortHash` of its span's id. */
  readonly traces: RecentWindow
  /** Spans that a billed call lies directly in, with the `shortHash` of its response id. */
  readonly parents: RecentWindow
}

/**
 * Says of each span of an insert whether its usage counts into sums, so that each call counts once: of two
 * instrumentations' spans for one call (one in the other, or at the same time with the same response id) the inner one does; of a wrapper that
 * reports its calls' sum (an agent around chats) the calls do, and the wrapper only where its trace shows no call.
 */
export function settleBillable(spans: readonly OwnedSpan[], billed: BilledWindows): void {
  const inner = new Map<string, string[]>()
  for (const { projectId, span } of spans) {
    if (!isCall(span) || !span.usageReported) continue
    const ids = inner.get(parentKey(projectId, span))
    if (ids === undefined) inner.set(parentKey(projectId, span), [span.responseId])
    else ids.push(span.responseId)
  }
  const calls = new Map<string, BilledCall>()
  const traces = new Set<string>()
  for (const { projectId, span } of spans) {
    if (!isCall(span)) continue
    const self = spanKey(projectId, span)
    const earlier = billed.parents.get(self)
    const isOuter =
      inner.get(self)?.some((id) => isSameCall(span.responseId, id)) === true ||
      (earlier !== undefined && (span.responseId === '' || earlier === NO_ID || earlier === shortHash(span.responseId)))
    const key = callKey(projectId, span)
    const other = key === undefined ? undefined : (billed.calls.get(key) ?? calls.get(key))
    span.billable = !isOuter && (other === undefined || other.span === shortHash(span.spanId) || !overlaps(other, span))
    if (span.billable && key !== undefined) calls.set(key, toBilledCall(span))
    if (span.billable && span.usageReported) traces.add(traceKey(projectId, span))
  }
  for (const { projectId, span } of spans) {
    if (!WRAPPERS.has(span.kind)) continue
    const trace = traceKey(projectId, span)
    span.billable = span.usageReported && !traces.has(trace) && [undefined, shortHash(span.spanId)].includes(billed.traces.get(trace))
    if (span.billable) traces.add(trace)
  }
}

/** How a span was billed, for what comes after it; undefined: not at all. */
export function toBilledSpan(span: SettledSpan): BilledSpan | undefined {
  if (!span.billable) return undefined
  const { usageReported, parentSpanId, responseId, startNs, endNs } = span
  return { isCall: isCall(span), usageReported, parentSpanId, responseId, startNs, endNs }
}

export function rememberBilled({ projectId, traceId, spanId, billed: span }: WrittenSpan, windows: BilledWindows): void {
  if (span === undefined) return
  const trace = `${projectId}${traceId}`
  if (span.isCall && span.responseId !== '')
    windows.calls.set(`${trace}${span.responseId}`, toBilledCall({ spanId, startNs: span.startNs, endNs: span.endNs }))
  if (span.isCall && span.usageReported && span.parentSpanId !== '')
    windows.parents.set(`${trace}${span.parentSpanId}`, span.responseId === '' ? NO_ID : shortHash(span.responseId))
  if (span.usageReported) windows.traces.set(trace, shortHash(spanId))
}

/** Stands for the response id of a call that has none. */
const NO_ID = 0
/** A call in a call is one with it, unless the provider answered both and says that they are two. */
const isSameCall = (outer: string, inner: string): boolean => outer === '' || inner === '' || outer === inner

type Times = Pick<BilledCall, 'startNs' | 'endNs'>
/** A cache or a mock may answer two calls with one id: one after the other, they are two. */
const overlaps = (a: Times, b: Times): boolean => a.startNs <= b.endNs && b.startNs <= a.endNs

/** A step around a model call, or one that a crash cut off, names no model or knows no usage: it is no call to pay for. */
const isCall = (span: SettledSpan): boolean =>
  CALLS.has(span.kind) && (span.usageReported || (!span.interrupted && (span.modelRequest !== '' || span.modelResponse !== '')))
const spanKey = (projectId: string, span: SettledSpan): string => `${projectId}${span.traceId}${span.spanId}`
const parentKey = (projectId: string, span: SettledSpan): string => `${projectId}${span.traceId}${span.parentSpanId}`
const traceKey = (projectId: string, span: SettledSpan): string => `${projectId}${span.traceId}`
const callKey = (projectId: string, span: SettledSpan): string | undefined =>
  span.responseId === '' ? undefined : `${projectId}${span.traceId}${span.responseId}`
