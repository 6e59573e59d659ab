/** The ranges of time that can be chosen, in hours back from now, from the shortest. */
export const RANGES = [
  [1, 'Last hour'],
  [24, 'Last 24 hours'],
  [168, 'Last 7 days'],
  [720, 'Last 30 days'],
  [2160, 'Last 90 days'],
] as const

/** The shortest range that reaches back so far; undefined: none does. */
export const rangeReaching = (backMs: number) => RANGES.find(([hours]) => backMs < hours * 3_600_000)

export const LONGEST_RANGE = Math.max(...RANGES.map(([hours]) => hours))
