import { commonRun } from './common-run.ts'
import { type CompareNode, contentOf } from './node.ts'

/** A step or span with its counterpart; where one is missing, the other side has it alone. */
export interface AlignedPair {
  readonly a: CompareNode | undefined
  readonly b: CompareNode | undefined
  readonly depth: number
}

/**
 * Pairs two trees: siblings by their key, those of one key by what they hold and then by their order. Every node of either tree is in
 * one pair; parents come before their children, in the order of `a`, with what only `b` has behind what came before it there.
 */
export function align(a: readonly CompareNode[], b: readonly CompareNode[]): AlignedPair[] {
  const pairs: AlignedPair[] = []
  // A stack of its own: a trace may be as deep as it is long.
  const open: AlignedPair[] = alignSiblings(a, b, 0).reverse()
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    pairs.push(pair)
    const below = alignSiblings(pair.a?.children ?? NONE, pair.b?.children ?? NONE, pair.depth + 1)
    for (let i = below.length - 1; i >= 0; i--) open.push(below[i] as AlignedPair)
  }
  return pairs
}

const NONE: readonly CompareNode[] = []

function alignSiblings(a: readonly CompareNode[], b: readonly CompareNode[], depth: number): AlignedPair[] {
  if (a.length === 0) return b.map((node) => ({ a: undefined, b: node, depth }))
  if (b.length === 0) return a.map((node) => ({ a: node, b: undefined, depth }))
  const partnerOfB = matchSiblings(a, b)
  const partnerOfA = new Map([...partnerOfB].map(([nodeB, nodeA]) => [nodeA, nodeB]))
  // What only b has is put behind the last of its elder siblings that has a partner.
  const onlyB = new Map<CompareNode | undefined, AlignedPair[]>()
  let elder: CompareNode | undefined
  for (const node of b) {
    elder = partnerOfB.get(node) ?? elder
    if (!partnerOfB.has(node)) pushTo(onlyB, elder, { a: undefined, b: node, depth })
  }
  const first = onlyB.get(undefined) ?? []
  return [...first, ...a.flatMap((node) => [{ a: node, b: partnerOfA.get(node), depth }, ...(onlyB.get(node) ?? [])])]
}

/** Node of b → its partner in a. */
function matchSiblings(a: readonly CompareNode[], b: readonly CompareNode[]): Map<CompareNode, CompareNode> {
  const partners = new Map<CompareNode, CompareNode>()
  const [groupsA, groupsB] = [groupByKey(a), groupByKey(b)]
  for (const [key, ofA] of groupsA) {
    const ofB = groupsB.get(key)
    if (ofB === undefined) continue
    // Always the same side first: who swaps the sides gets the same pairs.
    if (isFirst(ofA, ofB)) matchAlike(ofA, ofB, (nodeA, nodeB) => partners.set(nodeB, nodeA))
    else matchAlike(ofB, ofA, (nodeB, nodeA) => partners.set(nodeB, nodeA))
  }
  return partners
}

function groupByKey(nodes: readonly CompareNode[]): Map<string, CompareNode[]> {
  const groups = new Map<string, CompareNode[]>()
  for (const node of nodes) pushTo(groups, node.key, node)
  return groups
}

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function isFirst(a: readonly CompareNode[], b: readonly CompareNode[]): boolean {
  if (a.length !== b.length) return a.length < b.length
  for (const [i, node] of a.entries()) {
    const [x, y] = [contentOf(node), contentOf(b[i] ?? node)]
    if (x !== y) return x < y
  }
  return true
}

/** Siblings of one key: those that hold the same are held fast, what lies between is paired by its order. */
function matchAlike(
  one: readonly CompareNode[],
  other: readonly CompareNode[],
  found: (one: CompareNode, other: CompareNode) => void,
): void {
  let [i, j] = [0, 0]
  for (const [x, y] of [...commonRun(one.map(contentOf), other.map(contentOf)), [one.length, other.length] as const]) {
    for (; i < x && j < y; i++, j++) found(one[i] as CompareNode, other[j] as CompareNode)
    const [held, holds] = [one[x], other[y]]
    if (held !== undefined && holds !== undefined) found(held, holds)
    i = x + 1
    j = y + 1
  }
}
