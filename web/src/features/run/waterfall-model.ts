import type { DrawnSpan } from './drawn-span'
import { createTimeScale, type TimeScale } from './time-scale'

/** A line of the waterfall. */
export interface Row {
  readonly span: DrawnSpan
  /** The step's key on the span that stands for the step, else the span's own name. */
  readonly label: string
  readonly depth: number
  readonly hasChildren: boolean
  readonly isCollapsed: boolean
  readonly fromMs: number
  readonly toMs: number
  /** Set on the span that stands for an execution of the run. */
  readonly execution: number | null
  /** The step's outcome is stored: a resume takes it from there. */
  readonly isCheckpoint: boolean
}

export interface WaterfallInput {
  readonly spans: readonly DrawnSpan[]
  /** Span ids of steps that finished. */
  readonly checkpoints: ReadonlySet<string>
  readonly collapsed: ReadonlySet<string>
  /** Where what still goes on is drawn to. */
  readonly nowMs: number
}

export interface Waterfall {
  readonly rows: readonly Row[]
  readonly scale: TimeScale
  /** Row numbers of spans that failed or were cut off. */
  readonly errors: readonly number[]
}

const toMs = (rfc3339: string): number => {
  const fraction = /\.(\d+)/.exec(rfc3339)?.[1] ?? ''
  return Date.parse(rfc3339.replace(/\.\d+/, '')) + Number(`0.${fraction || '0'}`) * 1_000
}

/** The clocks of the worker and of the page may differ: nothing ends before it began. */
const endOf = (span: DrawnSpan, nowMs: number) => (span.endTime === null ? Math.max(nowMs, toMs(span.startTime)) : toMs(span.endTime))

/** The tree of spans in the order of their begin, as rows: only those under open parents. */
export function buildWaterfall({ spans, checkpoints, collapsed, nowMs }: WaterfallInput): Waterfall {
  const ids = new Set(spans.map((span) => span.spanId))
  const children = new Map<string, DrawnSpan[]>()
  const roots: DrawnSpan[] = []
  for (const span of [...spans].sort((a, b) => (a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0))) {
    // A parent that never arrived makes its child a root.
    if (span.parentSpanId === null || !ids.has(span.parentSpanId) || span.parentSpanId === span.spanId) roots.push(span)
    else {
      const siblings = children.get(span.parentSpanId)
      if (siblings === undefined) children.set(span.parentSpanId, [span])
      else siblings.push(span)
    }
  }
  const rows: Row[] = []
  const errors: number[] = []
  // A stack, not recursion: traces may be thousands deep.
  const stack = roots.map((span) => ({ span, depth: 0, stepAbove: '' })).reverse()
  const seen = new Set<string>()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { span, depth, stepAbove } = next
    if (seen.has(span.spanId)) continue
    seen.add(span.spanId)
    const below = children.get(span.spanId) ?? []
    const isCollapsed = collapsed.has(span.spanId)
    if (span.status === 'error' || span.interrupted) errors.push(rows.length)
    rows.push({
      span,
      label: span.stepKey !== '' && span.stepKey !== stepAbove ? span.stepKey : span.name,
      depth,
      hasChildren: below.length > 0,
      isCollapsed,
      fromMs: toMs(span.startTime),
      toMs: endOf(span, nowMs),
      execution: depth === 0 && span.kind === 'agent' && span.execution > 0 ? span.execution : null,
      isCheckpoint: checkpoints.has(span.spanId),
    })
    if (!isCollapsed) for (const child of below.toReversed()) stack.push({ span: child, depth: depth + 1, stepAbove: span.stepKey })
  }
  const scale = createTimeScale(spans.map((span) => [toMs(span.startTime), endOf(span, nowMs)]))
  return { rows, scale, errors }
}

/** The row after `from` (or before it) that failed, going round at the end. */
export function nextError(errors: readonly number[], from: number, back = false): number | undefined {
  if (back) return errors.findLast((row) => row < from) ?? errors.at(-1)
  return errors.find((row) => row > from) ?? errors[0]
}
