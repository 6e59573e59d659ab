/** A stretch of the axis: time [fromMs, toMs] drawn on [x0, x1], both within 0…1. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
  readonly x0: number
  readonly x1: number
  /** Nothing ran: drawn narrow, whatever its length. */
  readonly idle: boolean
}

export interface TimeScale {
  readonly stretches: readonly Stretch[]
  /** Place of a time on the axis, 0…1. */
  at(ms: number): number
}

/** An idle stretch longer than this share of the busy time is folded to this share. */
const FOLD = 0.06
const MIN_FOLD_MS = 500

/** The axis over some intervals of work: busy time in proportion, long idle gaps between folded. */
export function createTimeScale(intervals: readonly (readonly [fromMs: number, toMs: number])[]): TimeScale {
  const busy = mergeIntervals(intervals)
  const busyMs = Math.max(
    1,
    busy.reduce((sum, [from, to]) => sum + (to - from), 0),
  )
  const foldMs = Math.max(MIN_FOLD_MS, busyMs * FOLD)
  const widths: { fromMs: number; toMs: number; width: number; idle: boolean }[] = []
  for (const [i, [from, to]] of busy.entries()) {
    const before = busy[i - 1]
    if (before !== undefined) {
      const gapMs = from - before[1]
      const folds = gapMs > foldMs
      widths.push({ fromMs: before[1], toMs: from, width: folds ? busyMs * FOLD : gapMs, idle: folds })
    }
    widths.push({ fromMs: from, toMs: to, width: to - from, idle: false })
  }
  const total = Math.max(
    Number.EPSILON,
    widths.reduce((sum, part) => sum + part.width, 0),
  )
  let x = 0
  const stretches = widths.map(({ width, ...part }) => {
    const x0 = x
    x += width / total
    return { ...part, x0, x1: x }
  })
  return { stretches, at: (ms) => place(stretches, ms) }
}

function place(stretches: readonly Stretch[], ms: number): number {
  const first = stretches[0]
  if (first === undefined || ms <= first.fromMs) return 0
  for (const { fromMs, toMs, x0, x1 } of stretches)
    if (ms <= toMs) return toMs === fromMs ? x0 : x0 + ((x1 - x0) * (Math.max(ms, fromMs) - fromMs)) / (toMs - fromMs)
  return 1
}

/** Overlapping and touching intervals become one; the order is by begin. */
function mergeIntervals(intervals: readonly (readonly [number, number])[]): [number, number][] {
  const merged: [number, number][] = []
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, Math.max(from, to)])
  }
  return merged
}
