import type { ComparedItem, SpanId } from '@cairn/sdk/protocol'
import { round } from './judge.ts'
import type { CompareNode } from './node.ts'
import type { SpanForest } from './span-forest.ts'
import type { ComparedSpan } from './spans-of-trace.ts'
import { toUsd } from './usd.ts'

interface Options {
  /** Only these, with what is below them; left out: all. */
  readonly isWanted?: (span: ComparedSpan) => boolean
}

/** The trees of a trace for alignment. */
export function toSpanNodes({ childrenOf, inOrder }: SpanForest, { isWanted = () => true }: Options = {}): CompareNode[] {
  const wanted = inOrder.filter(isWanted)
  let began = wanted[0]?.start ?? 0n
  for (const { start } of wanted) if (start < began) began = start
  const nodes = new Map<ComparedSpan, CompareNode>()
  const isChild = new Set<ComparedSpan>()
  const isInStep = new Set(wanted.flatMap((span) => (childrenOf.get(span) ?? []).filter((child) => isOfSameStep(child, span))))
  // Children before their parents: a trace may be as deep as it is long.
  for (const span of wanted.toReversed()) {
    const children: CompareNode[] = []
    for (const child of childrenOf.get(span) ?? []) {
      const node = nodes.get(child)
      if (node === undefined) continue
      children.push(node)
      isChild.add(child)
    }
    nodes.set(span, toNode(span, { children, began, key: keyOf(span, isInStep.has(span)) }))
  }
  return wanted.flatMap((span) => (isChild.has(span) ? [] : (nodes.get(span) ?? [])))
}

interface Put {
  readonly key: string
  readonly children: readonly CompareNode[]
  readonly began: bigint
}

function toNode(span: ComparedSpan, { key, children, began }: Put): CompareNode {
  return {
    key,
    name: span.name,
    kind: span.kind,
    id: span.id,
    item: {
      ...toItem(span),
      startMs: round(Number(span.start - began) / 1e6),
    },
    cost: span.billable ? (span.priced ? span.cost : null) : 0n,
    prints: { input: span.input, given: null, output: span.output, stored: null, parameters: span.parameters },
    checkpoint: null,
    children,
  }
}

/** A span's own part of an item, without where it stands. */
export function toItem(span: ComparedSpan): ComparedItem {
  return {
    status: span.interrupted ? 'interrupted' : span.status,
    durationMs: round(Number(span.duration) / 1e6),
    ...(span.billable && span.tokens > 0 ? { tokens: span.tokens } : {}),
    ...(span.billable && (span.cost > 0n || !span.priced) ? { costUsd: span.priced ? toUsd(span.cost) : null } : {}),
    ...(span.model === '' ? {} : { model: span.model }),
    ...(span.errorType === '' && span.errorMessage === '' ? {} : { error: { type: span.errorType, message: span.errorMessage } }),
    spanId: span.id as SpanId,
  }
}

const isOfSameStep = (child: ComparedSpan, parent: ComparedSpan): boolean =>
  child.step !== '' && child.step === parent.step && child.run === parent.run

/** A step is the same step whatever it calls its span: one of a dead process has another name. */
const keyOf = (span: ComparedSpan, isInStep: boolean): string =>
  span.step !== '' && !isInStep ? `step ${span.step}` : `${span.kind} ${nameWithoutModel(span)}`

/** A call of another model is the same call with another model, not another call. */
function nameWithoutModel({ name, model, modelRequest }: ComparedSpan): string {
  const end = [modelRequest, model].find((word) => word !== '' && name.endsWith(` ${word}`))
  return end === undefined ? name : name.slice(0, -end.length - 1)
}
