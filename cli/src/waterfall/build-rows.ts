import type { OpenSpan, SpanSummary, TraceOutline } from '@cairn/sdk/protocol'

/** A line of the waterfall. */
export interface Row {
  readonly spanId: string
  /** The step's key on the span that stands for the step, else the span's own name. */
  readonly label: string
  readonly kind: string
  /** `open`: it goes on. */
  readonly outcome: 'ok' | 'error' | 'interrupted' | 'open'
  readonly depth: number
  readonly children: number
  readonly fromMs: number
  readonly toMs: number
  /** Set on the span that stands for an execution. */
  readonly execution: number | undefined
  /** The step's outcome is stored: a resume takes it from there. */
  readonly isCheckpoint: boolean
  readonly span: SpanSummary | undefined
}

/** Milliseconds since 1970 with the fraction that Date.parse drops. */
export function toMs(rfc3339: string): number {
  const fraction = /\.(\d+)/.exec(rfc3339)?.[1] ?? '0'
  return Date.parse(rfc3339.replace(/\.\d+/, '')) + Number(`0.${fraction}`) * 1_000
}

interface Node {
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly name: string
  readonly kind: string
  readonly stepKey: string
  readonly outcome: Row['outcome']
  readonly execution: number
  readonly fromMs: number
  readonly toMs: number
  readonly span: SpanSummary | undefined
}

const ended = (span: SpanSummary): Node => {
  const fromMs = toMs(span.startTime)
  return {
    ...span,
    outcome: span.interrupted ? 'interrupted' : span.status === 'error' ? 'error' : 'ok',
    fromMs,
    // Clocks of several machines differ: nothing ends before it began.
    toMs: Math.max(fromMs, toMs(span.endTime)),
    span,
  }
}

const open = (span: OpenSpan, now: number): Node => {
  const fromMs = toMs(span.startTime)
  return {
    ...span,
    kind: span.root ? 'agent' : String(span.attributes['cairn.kind'] ?? 'step'),
    stepKey: String(span.attributes['cairn.step.key'] ?? ''),
    outcome: 'open',
    fromMs,
    toMs: Math.max(fromMs, now),
    span: undefined,
  }
}

/** The tree of spans as rows, in the order of their begin, whole whatever was sent: a lost parent makes a root, a cycle is cut. */
export function buildRows(
  trace: Pick<TraceOutline, 'spans' | 'open'>,
  { checkpoints, now }: { checkpoints: ReadonlySet<string>; now: number },
): Row[] {
  const nodes = [...trace.spans.map(ended), ...trace.open.map((span) => open(span, now))].sort((a, b) => a.fromMs - b.fromMs)
  const ids = new Set(nodes.map((node) => node.spanId))
  const below = new Map<string, Node[]>()
  const roots: Node[] = []
  for (const node of nodes) {
    const { parentSpanId } = node
    if (parentSpanId === null || parentSpanId === node.spanId || !ids.has(parentSpanId)) roots.push(node)
    else {
      const siblings = below.get(parentSpanId)
      if (siblings === undefined) below.set(parentSpanId, [node])
      else siblings.push(node)
    }
  }
  const rows: Row[] = []
  const seen = new Set<string>()
  const walk = (root: Node) => {
    // A stack, not recursion: traces may be thousands deep.
    const stack = [{ node: root, depth: 0, stepAbove: '' }]
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { node, depth, stepAbove } = next
      if (seen.has(node.spanId)) continue
      seen.add(node.spanId)
      const children = below.get(node.spanId) ?? []
      rows.push({
        spanId: node.spanId,
        label: node.stepKey !== '' && node.stepKey !== stepAbove ? node.stepKey : node.name,
        kind: node.kind,
        outcome: node.outcome,
        depth,
        children: children.length,
        fromMs: node.fromMs,
        toMs: node.toMs,
        execution: depth === 0 && node.kind === 'agent' && node.execution > 0 ? node.execution : undefined,
        isCheckpoint: checkpoints.has(node.spanId),
        span: node.span,
      })
      for (let i = children.length - 1; i >= 0; i--) {
        const child = children[i]
        if (child !== undefined) stack.push({ node: child, depth: depth + 1, stepAbove: node.stepKey })
      }
    }
  }
  for (const root of roots) walk(root)
  // What hangs in a cycle has no root.
  for (const node of nodes) if (!seen.has(node.spanId)) walk(node)
  return rows
}
