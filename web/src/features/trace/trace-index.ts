import type { SpanColumns } from '@cairn/sdk/protocol'

/** The tree of a trace over flat arrays. A position is a place in the order in which the tree is read from top to bottom. */
export interface TraceIndex {
  readonly rows: number
  /** Row → span id; row → row of the parent, as they were sent. */
  readonly id: BigUint64Array
  readonly parent: Int32Array
  /** Position → row of the table. */
  readonly spanAt: Int32Array
  /** Row → position. */
  readonly positionOf: Int32Array
  /** By position; 0 at a root. */
  readonly depth: Uint32Array
  /** By position: where its subtree ends, exclusive. */
  readonly end: Int32Array
}

/** Siblings in order of their rows, which is that of their start. Spans in a circle of parents are roots, each circle once. */
export function buildTraceIndex({ id, parent }: Pick<SpanColumns, 'id' | 'parent'>): TraceIndex {
  const rows = parent.length
  // First child and next sibling, linked from the last row on so that each list is in order.
  const firstChild = new Int32Array(rows).fill(-1)
  const nextSibling = new Int32Array(rows).fill(-1)
  let firstRoot = -1
  for (let row = rows - 1; row >= 0; row--) {
    const above = parent[row] ?? -1
    if (above < 0 || above >= rows) {
      nextSibling[row] = firstRoot
      firstRoot = row
    } else {
      nextSibling[row] = firstChild[above] ?? -1
      firstChild[above] = row
    }
  }
  const tree: Tree = {
    firstChild,
    nextSibling,
    parent,
    spanAt: new Int32Array(rows),
    positionOf: new Int32Array(rows).fill(-1),
    depth: new Uint32Array(rows),
    end: new Int32Array(rows),
  }
  let position = 0
  for (let row = firstRoot; row >= 0; row = nextSibling[row] ?? -1) position = placeSubtree(tree, row, position)
  if (position < rows)
    for (let row = 0; row < rows; row++) if ((tree.positionOf[row] ?? -1) < 0) position = placeSubtree(tree, row, position)
  const { spanAt, positionOf, depth, end } = tree
  return { rows, id, parent, spanAt, positionOf, depth, end }
}

interface Tree {
  readonly firstChild: Int32Array
  readonly nextSibling: Int32Array
  readonly parent: Int32Array
  readonly spanAt: Int32Array
  readonly positionOf: Int32Array
  readonly depth: Uint32Array
  readonly end: Int32Array
}

/** Walks down, on and up again without a stack: traces may be a hundred thousand deep. Returns the position after it. */
function placeSubtree(tree: Tree, root: number, from: number): number {
  const { firstChild, nextSibling, parent, spanAt, positionOf, depth, end } = tree
  let position = from
  let level = 0
  let row = root
  for (;;) {
    spanAt[position] = row
    positionOf[row] = position
    depth[position] = level
    position += 1
    const child = skipPlaced(tree, firstChild[row] ?? -1)
    if (child >= 0) {
      row = child
      level += 1
      continue
    }
    for (;;) {
      end[positionOf[row] ?? 0] = position
      if (row === root) return position
      const sibling = skipPlaced(tree, nextSibling[row] ?? -1)
      if (sibling >= 0) {
        row = sibling
        break
      }
      row = parent[row] ?? root
      level -= 1
    }
  }
}

/** In a circle a child may have its place already. */
function skipPlaced({ positionOf, nextSibling }: Tree, from: number): number {
  let row = from
  while (row >= 0 && (positionOf[row] ?? -1) >= 0) row = nextSibling[row] ?? -1
  return row
}

/** Row of the parent in the tree as it is drawn; -1 at a root. */
export function parentOf({ depth, positionOf, parent }: TraceIndex, row: number): number {
  return (depth[positionOf[row] ?? 0] ?? 0) === 0 ? -1 : (parent[row] ?? -1)
}

/** Where each span stands among its siblings, by row: its number, from 1, and how many there are. */
export interface SiblingPlaces {
  readonly number: Int32Array
  readonly of: Int32Array
}

export function siblingPlaces(index: TraceIndex): SiblingPlaces {
  const { rows, spanAt } = index
  const number = new Int32Array(rows)
  const of = new Int32Array(rows)
  // Roots are counted after the last row.
  const children = new Int32Array(rows + 1)
  const countOf = (row: number) => {
    const above = parentOf(index, row)
    return above < 0 ? rows : above
  }
  for (const row of spanAt) {
    const above = countOf(row)
    const before = children[above] ?? 0
    children[above] = before + 1
    number[row] = before + 1
  }
  for (const row of spanAt) of[row] = children[countOf(row)] ?? 0
  return { number, of }
}

/** Row with a span id; -1: there is none. */
export function rowOfSpanId({ id }: Pick<SpanColumns, 'id'>, spanId: string | null): number {
  if (spanId === null || !/^[0-9a-f]{16}$/.test(spanId)) return -1
  return id.indexOf(BigInt(`0x${spanId}`))
}

export const spanIdOf = ({ id }: Pick<SpanColumns, 'id'>, row: number): string => (id[row] ?? 0n).toString(16).padStart(16, '0')
