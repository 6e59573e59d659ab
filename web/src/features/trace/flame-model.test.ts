import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boxesOfLanes, layOutFlame } from './flame-model'
import { FreeLanes } from './free-lanes'
import { createTimeAxis, endsOf, sinceOrigin } from './time-axis'
import { buildTraceIndex } from './trace-index'

const OPEN = 1
/** Rows in order of their start, as they are sent. */
function layOut(rows: readonly { start: number; end: number; parent: number }[], narrowest = 0.001) {
  const start = Float64Array.from(rows, (row) => row.start)
  const ends = Float64Array.from(rows, (row) => row.end)
  const index = buildTraceIndex({
    id: BigUint64Array.from(rows, (_, row) => BigInt(row + 1)),
    parent: Int32Array.from(rows, (row) => row.parent),
  })
  return layOutFlame({ index, start, ends, axis: createTimeAxis({ start, ends, foldsGaps: false }), narrowest })
}

describe('free lanes', () => {
  test('are those that a search one by one finds', () => {
    const takes = fc.array(fc.record({ from: fc.nat(200), more: fc.nat(3), place: fc.nat(20), until: fc.nat(20) }), { maxLength: 200 })
    fc.assert(
      fc.property(takes, (all) => {
        const lanes = new FreeLanes()
        const plain: number[] = []
        for (const { from, more, place, until } of all) {
          let expected = from
          while ((plain[expected] ?? Number.NEGATIVE_INFINITY) > place) expected += 1
          expect(lanes.find(from, place)).toBe(expected)
          for (let lane = expected; lane <= expected + more; lane++) plain[lane] = Math.max(plain[lane] ?? Number.NEGATIVE_INFINITY, until)
          lanes.take(expected, expected + more, until)
          expect(lanes.count).toBe(plain.length)
        }
      }),
    )
  })
})

describe('the flame graph', () => {
  test('has no two boxes in one place, and each child below its parent', () => {
    const spans = fc.array(fc.record({ start: fc.nat(100), length: fc.integer({ min: 1, max: 50 }), parent: fc.nat() }), { maxLength: 40 })
    fc.assert(
      fc.property(spans, (given) => {
        const rows = given
          .toSorted((a, b) => a.start - b.start)
          .map(({ start, length, parent }, row) => ({ start, end: start + length, parent: row === 0 ? -1 : (parent % (row + 1)) - 1 }))
        const { boxes, lanes } = layOut(rows)
        const laneOf = new Map(boxes.map((box) => [box.row, box.lane]))
        for (const [at, box] of boxes.entries()) {
          expect(box.lane).toBeLessThan(lanes)
          const above = laneOf.get(rows[box.row]?.parent ?? -1)
          if (above !== undefined) expect(box.lane).toBeGreaterThan(above)
          for (const other of boxes.slice(at + 1))
            if (other.lane === box.lane) expect(other.x0 >= box.x1 - 1e-9 || box.x0 >= other.x1 - 1e-9).toBe(true)
        }
      }),
    )
  })

  test('has no sibling of a box among what that called, and no mark on what lies right below its parent', () => {
    const spans = fc.array(fc.record({ start: fc.nat(100), length: fc.integer({ min: 1, max: 50 }), parent: fc.nat() }), { maxLength: 30 })
    fc.assert(
      fc.property(spans, (given) => {
        const rows = given
          .toSorted((a, b) => a.start - b.start)
          .map(({ start, length, parent }, row) => ({ start, end: start + length, parent: row === 0 ? -1 : (parent % (row + 1)) - 1 }))
        const isBelow = (row: number, above: number): boolean => row >= 0 && (row === above || isBelow(rows[row]?.parent ?? -1, above))
        const { boxes } = layOut(rows, 1e-6)
        const laneOf = new Map(boxes.map(({ row, lane }) => [row, lane]))
        for (const box of boxes) {
          const parent = rows[box.row]?.parent ?? -1
          expect(box.isBeside).toBe(box.lane !== (laneOf.get(parent) ?? -1) + 1)
          const last = Math.max(...boxes.filter(({ row }) => isBelow(row, box.row)).map(({ lane }) => lane))
          for (const { row, x0, lane } of boxes)
            if (row > box.row && rows[row]?.parent === parent && x0 < box.x1 - 1e-9) expect(lane < box.lane || lane > last).toBe(true)
        }
      }),
    )
  })

  test('says of siblings that ran at once which are further down than what called them', () => {
    const rows = [
      { start: 0, end: 10, parent: -1 },
      { start: 0, end: 8, parent: 0 },
      { start: 0, end: 1, parent: 1 },
      { start: 2, end: 9, parent: 0 },
      { start: 9, end: 10, parent: 0 },
    ]
    expect(layOut(rows).boxes.map(({ row, lane, isBeside }) => [row, lane, isBeside])).toEqual([
      [0, 0, false],
      [1, 1, false],
      [2, 2, false],
      [3, 3, true],
      [4, 1, false],
    ])
  })

  test('lays out a hundred thousand spans that run beside each other, and draws those of some lanes', () => {
    const rows = 100_000
    const { boxes, lanes } = layOut(Array.from({ length: rows }, (_, row) => ({ start: row / rows, end: 10, parent: -1 })))
    expect([boxes.length, lanes]).toEqual([rows, rows])
    expect(boxesOfLanes(boxes, 50_000, 50_030).map((box) => box.lane)).toEqual(Array.from({ length: 31 }, (_, n) => 50_000 + n))
  })
})

test('what has not ended goes on until now', () => {
  const ms = Date.parse('2026-11-25T10:00:00Z')
  const now = sinceOrigin(`${ms}000000`, ms + 90_000)
  expect(now).toBeCloseTo(90e9, -4)
  const columns = { start: Float64Array.of(0, 5e9), duration: Float64Array.of(0, 1e9), flags: Uint8Array.of(OPEN, 0) }
  expect([...endsOf(columns, OPEN, now)]).toEqual([now, 6e9])
})
