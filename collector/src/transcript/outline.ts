import type { SpanSummary, TranscriptItem } from '@cairn/sdk/protocol'

/** What a span is in the conversation; its texts come later, for one page. */
export interface Entry {
  readonly type: TranscriptItem['type']
  readonly span: SpanSummary
  readonly depth: number
  /** Messages are told once in each: that of a run over all its executions, or of an agent's span. */
  readonly conversation: string
}

interface Place {
  readonly span: SpanSummary
  /** How many agents are above it. */
  readonly agents: number
  readonly conversation: string
  /** Its subtree is through. */
  readonly isLeft?: boolean
}

const DOCUMENTS = new Set(['retriever', 'reranker'])

/** The spans of a trace, in order of their start, as a conversation: depth first, so that agents side by side don't mix. */
export function outlineTranscript(spans: readonly SpanSummary[]): Entry[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const children = Map.groupBy(spans, (span) => (parentOf(span, byId) === undefined ? '' : (span.parentSpanId ?? '')))
  const modelBelow = markAbove(spans, byId, (span) => span.kind === 'model', new Set(['agent', 'tool']))
  const errorBelow = markAbove(spans, byId, hasFailed, new Set())
  const entries: Entry[] = []
  const stack: Place[] = (children.get('') ?? []).map((span) => ({ span, agents: 0, conversation: '' })).reverse()
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { span, agents } = place
    const parent = parentOf(span, byId)
    const isExecution = span.kind === 'agent' && span.execution > 0 && parent?.runId !== span.runId
    const isAgent = span.kind === 'agent'
    const depth = isAgent ? agents : Math.max(0, agents - 1)
    const conversation = isExecution ? span.runId : isAgent ? span.spanId : place.conversation
    if (place.isLeft) {
      entries.push({ type: 'crash', span, depth, conversation })
      continue
    }
    const type = typeOf(span, parent, { isExecution, modelBelow: modelBelow.has(span), errorBelow: errorBelow.has(span) })
    if (type !== undefined) entries.push({ type, span, depth, conversation })
    if (isExecution && span.interrupted) stack.push({ ...place, isLeft: true })
    for (const child of (children.get(span.spanId) ?? []).toReversed())
      stack.push({ span: child, agents: isAgent ? agents + 1 : agents, conversation })
  }
  return entries
}

const hasFailed = (span: SpanSummary): boolean => span.status === 'error' || span.interrupted

/** One that never arrived, and the span itself, are none. */
function parentOf(span: SpanSummary, byId: ReadonlyMap<string, SpanSummary>): SpanSummary | undefined {
  const parent = span.parentSpanId === null ? undefined : byId.get(span.parentSpanId)
  return parent === span ? undefined : parent
}

interface Facts {
  readonly isExecution: boolean
  readonly modelBelow: boolean
  readonly errorBelow: boolean
}

function typeOf(span: SpanSummary, parent: SpanSummary | undefined, facts: Facts): Entry['type'] | undefined {
  if (facts.isExecution) return 'execution'
  if (span.kind === 'agent') return 'agent'
  // A framework's span around the span of the call itself tells the same once more.
  if (span.kind === 'model') return facts.modelBelow ? undefined : 'call'
  if (span.kind === 'tool') return parent?.kind === 'tool' && parent.toolName === span.toolName ? undefined : 'tool'
  if (DOCUMENTS.has(span.kind)) return 'documents'
  return hasFailed(span) && !facts.errorBelow ? 'error' : undefined
}

/** Spans with one of a sort somewhere below them; what lies between ends at spans of the kinds of `until`. */
function markAbove(
  spans: readonly SpanSummary[],
  byId: ReadonlyMap<string, SpanSummary>,
  isSought: (span: SpanSummary) => boolean,
  until: ReadonlySet<string>,
): Set<SpanSummary> {
  const marked = new Set<SpanSummary>()
  for (const span of spans) {
    if (!isSought(span)) continue
    for (let above = parentOf(span, byId); above !== undefined && !marked.has(above) && !until.has(above.kind); ) {
      marked.add(above)
      above = parentOf(above, byId)
    }
  }
  return marked
}
