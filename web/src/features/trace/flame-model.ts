import { FreeLanes } from './free-lanes'
import type { TimeAxis } from './time-axis'
import type { TraceIndex } from './trace-index'

/** A box of the flame graph. Places are 0…1 of the axis in view. */
export interface FlameBox {
  readonly row: number
  readonly x0: number
  readonly x1: number
  readonly lane: number
  /** It is not in the lane below what called it, since that is taken by what ran beside it. */
  readonly isBeside: boolean
}

interface FlameInput {
  readonly index: TraceIndex
  readonly start: Float64Array
  readonly ends: Float64Array
  readonly axis: TimeAxis
  /** Boxes narrower than this share of the axis are drawn together with their neighbours. */
  readonly narrowest: number
}

/** A box whose children are being laid out. */
interface Open {
  /** Position behind the last span below it. */
  readonly end: number
  readonly lane: number
  lastLane: number
  until: number
}

/**
 * Spans in lanes: a child below its parent. Siblings that overlap lie below each other, each with all that it called, which nothing else
 * comes between: `isBeside` marks those further down. What is too narrow to be seen is left out where its place is taken, so that the
 * number of boxes depends on the screen and not on the trace.
 */
export function layOutFlame({ index, start, ends, axis, narrowest }: FlameInput): { boxes: FlameBox[]; lanes: number } {
  const boxes: FlameBox[] = []
  const lanes = new FreeLanes()
  const laneOf = new Int32Array(index.rows)
  const open: Open[] = []
  for (let position = 0; position < index.rows; position++) {
    closeBefore(position, open, lanes)
    const row = index.spanAt[position] ?? 0
    const above = (index.depth[position] ?? 0) === 0 ? -1 : (index.parent[row] ?? -1)
    const x0 = axis.at(start[row] ?? 0)
    const x1 = Math.max(axis.at(ends[row] ?? 0), x0 + narrowest)
    const first = above < 0 ? 0 : (laneOf[above] ?? 0) + 1
    laneOf[row] = first
    if (x1 < 0 || x0 > 1) continue
    const lane = lanes.find(first, x0 + 1e-9)
    // Narrow ones that find no room beside each other become one.
    if (lane > first && x1 - x0 <= narrowest * 1.5) continue
    laneOf[row] = lane
    lanes.take(lane, lane, x1)
    boxes.push({ row, x0, x1, lane, isBeside: lane > first })
    open.push({ end: index.end[position] ?? position + 1, lane, lastLane: lane, until: x1 })
  }
  return { boxes, lanes: lanes.count }
}

/** What a finished box called keeps its lanes for as long as the box: a sibling among them would pass for one of them. */
function closeBefore(position: number, open: Open[], lanes: FreeLanes): void {
  for (let last = open.at(-1); last !== undefined && last.end <= position; last = open.at(-1)) {
    open.pop()
    if (last.lastLane > last.lane) lanes.take(last.lane, last.lastLane, last.until)
    const outer = open.at(-1)
    if (outer === undefined) continue
    outer.lastLane = Math.max(outer.lastLane, last.lastLane)
    outer.until = Math.max(outer.until, last.until)
  }
}

/** Boxes of some lanes, both included. */
export const boxesOfLanes = (boxes: readonly FlameBox[], from: number, to: number): FlameBox[] =>
  boxes.filter((box) => box.lane >= from && box.lane <= to)

/** The box at a place; undefined: there is none. */
export function boxAt(boxes: readonly FlameBox[], x: number, lane: number): FlameBox | undefined {
  return boxes.find((box) => box.lane === lane && box.x0 <= x && x <= box.x1)
}
