/** A place in the log, between two frames. */
export interface LogPosition {
  readonly segment: number
  /** Bytes from the beginning of the segment's file. */
  readonly offset: number
}

/** Negative: `a` comes before `b`. */
export const comparePositions = (a: LogPosition, b: LogPosition): number => a.segment - b.segment || a.offset - b.offset
