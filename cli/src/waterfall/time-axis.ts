/** A stretch of the axis: times [fromMs, toMs] on [x0, x1], both within 0…1. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
  readonly x0: number
  readonly x1: number
  /** Nothing ran, and it is drawn narrower than it was. */
  readonly folded: boolean
}

export interface TimeAxis {
  readonly stretches: readonly Stretch[]
  /** Place of a time, 0…1; never less for a later one. */
  at(ms: number): number
}

/** An idle stretch longer than this share of the busy time is folded to this share. */
const FOLD = 0.06
const MIN_FOLD_MS = 500

/** The axis over intervals of work: busy time in proportion, long idle gaps (a crash, a night) folded. */
export function makeTimeAxis(intervals: readonly (readonly [fromMs: number, toMs: number])[]): TimeAxis {
  const busy = merge(intervals)
  const busyMs = Math.max(
    1,
    busy.reduce((sum, [from, to]) => sum + to - from, 0),
  )
  const foldMs = Math.max(MIN_FOLD_MS, busyMs * FOLD)
  const parts: { fromMs: number; toMs: number; width: number; folded: boolean }[] = []
  for (const [i, [from, to]] of busy.entries()) {
    const before = busy[i - 1]
    if (before !== undefined) {
      const folded = from - before[1] > foldMs
      parts.push({ fromMs: before[1], toMs: from, width: folded ? busyMs * FOLD : from - before[1], folded })
    }
    parts.push({ fromMs: from, toMs: to, width: to - from, folded: false })
  }
  const total = Math.max(
    Number.EPSILON,
    parts.reduce((sum, part) => sum + part.width, 0),
  )
  let done = 0
  const stretches = parts.map(({ width, ...part }) => {
    const x0 = Math.min(1, done / total)
    done += width
    return { ...part, x0, x1: Math.min(1, done / total) }
  })
  return { stretches, at: (ms) => place(stretches, ms) }
}

function place(stretches: readonly Stretch[], ms: number): number {
  const [first] = stretches
  if (first === undefined || ms <= first.fromMs) return 0
  for (const { fromMs, toMs, x0, x1 } of stretches)
    if (ms <= toMs) return toMs === fromMs ? x1 : Math.min(x1, x0 + ((x1 - x0) * (Math.max(ms, fromMs) - fromMs)) / (toMs - fromMs))
  return 1
}

function merge(intervals: readonly (readonly [number, number])[]): [number, number][] {
  const merged: [number, number][] = []
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, Math.max(from, to)])
  }
  return merged
}
