import { parentOf, type TraceIndex } from './trace-index'

/** What is folded: all from a level on, except for what was folded or opened by hand. Small, whatever the trace. */
export interface Fold {
  /** Spans at this depth and deeper have their children hidden; null: none has. */
  readonly level: number | null
  /** Ids of spans that are otherwise than the level says: rows change their numbers while a run goes on. */
  readonly toggled: ReadonlySet<bigint>
}

export const NOTHING_FOLDED: Fold = { level: null, toggled: new Set() }

export function isFolded(index: TraceIndex, fold: Fold, position: number): boolean {
  const byLevel = fold.level !== null && (index.depth[position] ?? 0) >= fold.level
  return fold.toggled.size > 0 && fold.toggled.has(idAt(index, position)) ? !byLevel : byLevel
}

/** Positions that are shown, from top to bottom. */
export function visiblePositions(index: TraceIndex, fold: Fold): Int32Array {
  const shown = new Int32Array(index.rows)
  let count = 0
  for (let position = 0; position < index.rows; ) {
    shown[count++] = position
    const end = index.end[position] ?? position + 1
    position = end > position + 1 && isFolded(index, fold, position) ? end : position + 1
  }
  return shown.subarray(0, count)
}

export function toggleFold(index: TraceIndex, fold: Fold, position: number): Fold {
  const id = idAt(index, position)
  const toggled = new Set(fold.toggled)
  if (!toggled.delete(id)) toggled.add(id)
  return { ...fold, toggled }
}

/** The same, with every span above a row open. */
export function reveal(index: TraceIndex, fold: Fold, row: number): Fold {
  // One copy for all that are above: there may be a hundred thousand.
  let toggled: Set<bigint> | undefined
  for (let above = parentOf(index, row); above >= 0; above = parentOf(index, above)) {
    const position = index.positionOf[above] ?? 0
    if (!isFolded(index, { level: fold.level, toggled: toggled ?? fold.toggled }, position)) continue
    toggled ??= new Set(fold.toggled)
    const id = idAt(index, position)
    if (!toggled.delete(id)) toggled.add(id)
  }
  return toggled === undefined ? fold : { ...fold, toggled }
}

const idAt = (index: TraceIndex, position: number): bigint => index.id[index.spanAt[position] ?? 0] ?? 0n

/** Where a position is in the rows that are shown, or else where the nearest shown one before it is. */
export function indexOfPosition(shown: Int32Array, position: number): number {
  let low = 0
  let high = shown.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((shown[middle] ?? 0) <= position) low = middle
    else high = middle - 1
  }
  return low
}
