import { FreeLanes } from './free-lanes'
import type { TimeAxis } from './time-axis'
import type { TraceIndex } from './trace-index'

/** A box of the flame graph. Places are 0…1 of the axis in view. */
export interface FlameBox {
  readonly row: number
  readonly x0: number
  readonly x1: number
  readonly lane: number
}

interface FlameInput {
  readonly index: TraceIndex
  readonly start: Float64Array
  readonly ends: Float64Array
  readonly axis: TimeAxis
  /** Boxes narrower than this share of the axis are drawn together with their neighbours. */
  readonly narrowest: number
}

/**
 * Spans in lanes: a child below its parent, siblings that overlap below each other. What is too narrow to be seen is left out where
 * its place is taken, so that the number of boxes depends on the screen and not on the trace.
 */
export function layOutFlame({ index, start, ends, axis, narrowest }: FlameInput): { boxes: FlameBox[]; lanes: number } {
  const boxes: FlameBox[] = []
  const lanes = new FreeLanes()
  const laneOf = new Int32Array(index.rows)
  for (let position = 0; position < index.rows; position++) {
    const row = index.spanAt[position] ?? 0
    const above = (index.depth[position] ?? 0) === 0 ? -1 : (index.parent[row] ?? -1)
    const x0 = axis.at(start[row] ?? 0)
    const x1 = Math.max(axis.at(ends[row] ?? 0), x0 + narrowest)
    const first = above < 0 ? 0 : (laneOf[above] ?? 0) + 1
    if (x1 < 0 || x0 > 1) {
      laneOf[row] = first
      continue
    }
    const lane = lanes.find(first, x0 + 1e-9)
    laneOf[row] = lane
    // Narrow ones that find no room beside each other become one.
    if (lane > first && x1 - x0 <= narrowest * 1.5) {
      laneOf[row] = first
      continue
    }
    lanes.take(lane, x1)
    boxes.push({ row, x0, x1, lane })
  }
  return { boxes, lanes: lanes.count }
}

/** Boxes of some lanes, both included. */
export const boxesOfLanes = (boxes: readonly FlameBox[], from: number, to: number): FlameBox[] =>
  boxes.filter((box) => box.lane >= from && box.lane <= to)

/** The box at a place; undefined: there is none. */
export function boxAt(boxes: readonly FlameBox[], x: number, lane: number): FlameBox | undefined {
  return boxes.find((box) => box.lane === lane && box.x0 <= x && x <= box.x1)
}
