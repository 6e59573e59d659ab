import type { ComparedSpan } from './spans-of-trace.ts'

/** The spans of a trace as trees. Spans whose parent never came, or is below themselves, are roots. */
export interface SpanForest {
  readonly roots: readonly ComparedSpan[]
  /** In the order of their start. */
  readonly childrenOf: ReadonlyMap<ComparedSpan, readonly ComparedSpan[]>
  /** Parents before their children. */
  readonly inOrder: readonly ComparedSpan[]
}

const NONE: readonly ComparedSpan[] = []

export function toForest(spans: readonly ComparedSpan[]): SpanForest {
  const byNumber = new Map(spans.map((span) => [span.number, span]))
  const childrenOf = new Map<ComparedSpan, ComparedSpan[]>()
  const roots: ComparedSpan[] = []
  for (const span of spans) {
    const parent = span.parent === span.number ? undefined : byNumber.get(span.parent)
    if (parent === undefined) roots.push(span)
    else {
      const siblings = childrenOf.get(parent)
      if (siblings === undefined) childrenOf.set(parent, [span])
      else siblings.push(span)
    }
  }
  const seen = new Set<ComparedSpan>()
  const inOrder: ComparedSpan[] = []
  const visit = (root: ComparedSpan) => {
    const open = [root]
    for (let span = open.pop(); span !== undefined; span = open.pop()) {
      if (seen.has(span)) continue
      seen.add(span)
      inOrder.push(span)
      for (const child of (childrenOf.get(span) ?? NONE).toReversed()) open.push(child)
    }
  }
  for (const root of roots) visit(root)
  if (inOrder.length === spans.length) return { roots, childrenOf, inOrder }
  // A ring of parents has no root: it is cut at its earliest span.
  for (const span of spans) {
    if (seen.has(span)) continue
    const parent = byNumber.get(span.parent)
    if (parent !== undefined)
      childrenOf.set(
        parent,
        (childrenOf.get(parent) ?? []).filter((child) => child !== span),
      )
    roots.push(span)
    visit(span)
  }
  return { roots, childrenOf, inOrder }
}
