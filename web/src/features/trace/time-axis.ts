import type { SpanColumns } from '@cairn/sdk/protocol'

/** A stretch of the axis: nanoseconds [from, to] drawn on [x0, x1], both within 0…1. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly x0: number
  readonly x1: number
  /** Nothing ran: drawn narrow, whatever its length. */
  readonly idle: boolean
}

/** The axis of a trace, or of a part of it. Times are nanoseconds since the trace's origin. */
export interface TimeAxis {
  readonly stretches: readonly Stretch[]
  readonly from: number
  readonly to: number
  /** Place of a time; outside 0…1 where the axis does not show it. */
  at(time: number): number
  /** Time of a place. */
  timeAt(x: number): number
}

/** An idle stretch longer than this share of the busy time is folded to this share. */
const FOLD = 0.06
const MIN_FOLD_NS = 500e6
const MOST_STRETCHES = 2_000
/** What takes no time has a place on the axis too, from which its time can be told. */
const SHORTEST_NS = 1_000

interface AxisInput {
  readonly start: Float64Array
  /** By row; what goes on ends now. */
  readonly ends: Float64Array
  readonly foldsGaps: boolean
}

/** Busy time in proportion, long idle gaps between folded. Rows are in order of their start, so that one pass is enough. */
export function createTimeAxis({ start, ends, foldsGaps }: AxisInput): TimeAxis {
  const busy = busyIntervals(start, ends)
  if (!foldsGaps || busy.length > MOST_STRETCHES) {
    const [from, to] = [busy[0]?.[0] ?? 0, busy.reduce((latest, [, end]) => Math.max(latest, end), 0)]
    return makeAxis([{ from, to: Math.max(to, from + SHORTEST_NS), x0: 0, x1: 1, idle: false }])
  }
  const busyNs = Math.max(
    1,
    busy.reduce((sum, [from, to]) => sum + to - from, 0),
  )
  const foldNs = Math.max(MIN_FOLD_NS, busyNs * FOLD)
  const parts: { from: number; to: number; width: number; idle: boolean }[] = []
  for (const [i, [from, to]] of busy.entries()) {
    const before = busy[i - 1]
    if (before !== undefined) {
      const gap = from - before[1]
      const folds = gap > foldNs
      parts.push({ from: before[1], to: from, width: folds ? busyNs * FOLD : gap, idle: folds })
    }
    parts.push({ from, to, width: to - from, idle: false })
  }
  const total = parts.reduce((sum, part) => sum + part.width, 0)
  let x = 0
  return makeAxis(
    parts.map(({ width, ...part }) => {
      const x0 = x
      x += width / total
      return { ...part, x0, x1: x }
    }),
  )
}

/** The same axis, of which [x0, x1] fills the view. */
export function zoomAxis(axis: TimeAxis, x0: number, x1: number): TimeAxis {
  const width = Math.max(x1 - x0, 1e-9)
  return {
    stretches: axis.stretches
      .filter((stretch) => stretch.x1 >= x0 && stretch.x0 <= x1)
      .map((stretch) => ({ ...stretch, x0: (stretch.x0 - x0) / width, x1: (stretch.x1 - x0) / width })),
    from: axis.timeAt(x0),
    to: axis.timeAt(x1),
    at: (time) => (axis.at(time) - x0) / width,
    timeAt: (x) => axis.timeAt(x0 + x * width),
  }
}

/** Where a stretch of milliseconds lies on an axis; null where it is all of it, or nothing. */
export function placesOf({ at }: TimeAxis, ms: readonly [from: number, to: number] | null): readonly [number, number] | null {
  if (ms === null) return null
  const [x0, x1] = [at(ms[0] * 1e6), at(ms[1] * 1e6)]
  return x1 > x0 && (x0 > 0 || x1 < 1) ? [x0, x1] : null
}

function makeAxis(stretches: readonly Stretch[]): TimeAxis {
  return {
    stretches,
    from: stretches[0]?.from ?? 0,
    to: stretches.at(-1)?.to ?? 1,
    at: (time) => {
      const part = findStretch(stretches, (stretch) => stretch.to >= time)
      if (part === undefined) return time <= 0 ? 0 : 1
      return part.to === part.from
        ? part.x0
        : part.x0 + ((part.x1 - part.x0) * (Math.max(time, part.from) - part.from)) / (part.to - part.from)
    },
    timeAt: (x) => {
      const part = findStretch(stretches, (stretch) => stretch.x1 >= x) ?? stretches.at(-1)
      if (part === undefined) return 0
      return part.x1 === part.x0 ? part.from : part.from + ((part.to - part.from) * (Math.min(x, part.x1) - part.x0)) / (part.x1 - part.x0)
    },
  }
}

/** The first of which it is true, where it is true of all after it. */
function findStretch(stretches: readonly Stretch[], holds: (stretch: Stretch) => boolean): Stretch | undefined {
  let low = 0
  let high = stretches.length
  while (low < high) {
    const middle = (low + high) >> 1
    const stretch = stretches[middle]
    if (stretch !== undefined && holds(stretch)) high = middle
    else low = middle + 1
  }
  return stretches[low]
}

function busyIntervals(start: Float64Array, ends: Float64Array): [number, number][] {
  const merged: [number, number][] = []
  for (let row = 0; row < start.length; row++) {
    const from = start[row] ?? 0
    const to = Math.max(from + SHORTEST_NS, ends[row] ?? from)
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** A time, in milliseconds since 1970, as nanoseconds since the origin of a table. */
export const sinceOrigin = (origin: string, ms: number): number => (ms - Number(BigInt(origin) / 1_000n) / 1e3) * 1e6

/** When each span ends: what goes on, now. The clocks of the worker and of the page may differ: nothing ends before it began. */
export function endsOf(
  { start, duration, flags }: Pick<SpanColumns, 'start' | 'duration' | 'flags'>,
  openFlag: number,
  now: number,
): Float64Array {
  const ends = new Float64Array(start.length)
  for (let row = 0; row < ends.length; row++) {
    const from = start[row] ?? 0
    ends[row] = ((flags[row] ?? 0) & openFlag) !== 0 ? Math.max(now, from) : from + (duration[row] ?? 0)
  }
  return ends
}
