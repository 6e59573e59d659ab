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
    const takes = fc.array(fc.record({ from: fc.nat(200), place: fc.nat(20), until: fc.nat(20) }), { maxLength: 200 })
    fc.assert(
      fc.property(takes, (all) => {
        const lanes = new FreeLanes()
        const plain: number[] = []
        for (const { from, place, until } of all) {
          let expected = from
          while ((plain[expected] ?? Number.NEGATIVE_INFINITY) > place) expected += 1
          expect(lanes.find(from, place)).toBe(expected)
          plain[expected] = until
          lanes.take(expected, until)
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
