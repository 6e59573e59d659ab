import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { criticalPath, selfTimes } from './analysis'
import { createTimeAxis, zoomAxis } from './time-axis'
import { buildTraceIndex, parentOf, siblingPlaces, type TraceIndex } from './trace-index'
import { type Fold, indexOfPosition, isFolded, NOTHING_FOLDED, reveal, toggleFold, visiblePositions } from './visible-rows'

const indexOf = (parents: readonly number[]): TraceIndex =>
  buildTraceIndex({ id: BigUint64Array.from(parents, (_, row) => BigInt(row + 1)), parent: Int32Array.from(parents) })

/** Parents of up to 60 spans, with circles, and parents that are not there. */
const anyParents = fc
  .integer({ min: 0, max: 60 })
  .chain((rows) => fc.array(fc.integer({ min: -1, max: rows + 1 }), { minLength: rows, maxLength: rows }))
/** Parents that come before their children: a tree. */
const treeParents = fc
  .integer({ min: 1, max: 60 })
  .chain((rows) => fc.tuple(...Array.from({ length: rows }, (_, row) => fc.integer({ min: -1, max: row - 1 }))))

describe('the tree of a trace', () => {
  test('has every span once, whatever their parents', () => {
    fc.assert(
      fc.property(anyParents, (parents) => {
        const index = indexOf(parents)
        expect([...index.spanAt].sort((a, b) => a - b)).toEqual(parents.map((_, row) => row))
        for (const [row, position] of index.positionOf.entries()) expect(index.spanAt[position]).toBe(row)
      }),
    )
  })

  test('has each child below its parent, within its subtree, siblings in order', () => {
    fc.assert(
      fc.property(treeParents, (parents) => {
        const index = indexOf(parents)
        for (const [row, parent] of parents.entries()) {
          expect(parentOf(index, row)).toBe(parent)
          const position = index.positionOf[row] ?? -1
          if (parent < 0) {
            expect(index.depth[position]).toBe(0)
            continue
          }
          const above = index.positionOf[parent] ?? -1
          expect(position).toBeGreaterThan(above)
          expect(position).toBeLessThan(index.end[above] ?? -1)
          expect(index.depth[position]).toBe((index.depth[above] ?? 0) + 1)
          for (let other = row + 1; other < parents.length; other++)
            if (parents[other] === parent) expect(index.positionOf[other]).toBeGreaterThan(position)
        }
      }),
    )
  })

  test('counts siblings in the order in which they are drawn', () => {
    fc.assert(
      fc.property(anyParents, (parents) => {
        const index = indexOf(parents)
        const drawn = new Map<number, number[]>()
        for (const row of index.spanAt) drawn.set(parentOf(index, row), [...(drawn.get(parentOf(index, row)) ?? []), row])
        const places = siblingPlaces(index)
        for (const siblings of drawn.values())
          for (const [i, row] of siblings.entries()) expect([places.number[row], places.of[row]]).toEqual([i + 1, siblings.length])
      }),
    )
  })

  test('holds a hundred thousand spans one in the other', () => {
    const rows = 100_000
    const index = buildTraceIndex({ id: new BigUint64Array(rows), parent: Int32Array.from({ length: rows }, (_, row) => row - 1) })
    expect(index.depth[rows - 1]).toBe(rows - 1)
    expect(index.end[0]).toBe(rows)
  })
})

/** What is shown, by the slow and plain way. */
function naiveVisible(index: TraceIndex, fold: Fold): number[] {
  const hidden = new Set<number>()
  for (let position = 0; position < index.rows; position++) {
    const above = parentOf(index, index.spanAt[position] ?? 0)
    if (above < 0) continue
    const abovePosition = index.positionOf[above] ?? 0
    if (hidden.has(abovePosition) || isFolded(index, fold, abovePosition)) hidden.add(position)
  }
  return Array.from({ length: index.rows }, (_, position) => position).filter((position) => !hidden.has(position))
}

test('a span below a hundred thousand folded ones is revealed', () => {
  const rows = 100_000
  const index = buildTraceIndex({
    id: BigUint64Array.from({ length: rows }, (_, row) => BigInt(row + 1)),
    parent: Int32Array.from({ length: rows }, (_, row) => row - 1),
  })
  const fold = reveal(index, { level: 0, toggled: new Set() }, rows - 1)
  expect(visiblePositions(index, fold)).toHaveLength(rows)
})

describe('the rows that are shown', () => {
  const folds = fc.record({ level: fc.option(fc.nat(6)), toggled: fc.array(fc.bigInt({ min: 1n, max: 60n })).map((ids) => new Set(ids)) })

  test('are those without a folded span above', () => {
    fc.assert(
      fc.property(treeParents, folds, (parents, fold) => {
        const index = indexOf(parents)
        expect([...visiblePositions(index, fold)]).toEqual(naiveVisible(index, fold))
      }),
    )
  })

  test('have a row after it was revealed, and lose nothing else', () => {
    fc.assert(
      fc.property(treeParents, folds, fc.nat(), (parents, fold, n) => {
        const index = indexOf(parents)
        const row = n % parents.length
        const shown = visiblePositions(index, reveal(index, fold, row))
        expect([...shown]).toContain(index.positionOf[row])
        for (const position of visiblePositions(index, fold)) expect([...shown]).toContain(position)
        expect(shown[indexOfPosition(shown, index.positionOf[row] ?? -1)]).toBe(index.positionOf[row])
      }),
    )
  })

  test('come back when a span is folded and opened again', () => {
    const index = indexOf([-1, 0, 1, 0])
    const folded = toggleFold(index, NOTHING_FOLDED, 1)
    expect([...visiblePositions(index, folded)]).toEqual([0, 1, 3])
    expect([...visiblePositions(index, toggleFold(index, folded, 1))]).toEqual([0, 1, 2, 3])
    expect([...visiblePositions(index, { level: 0, toggled: new Set() })]).toEqual([0])
  })
})

const intervals = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 1e10 })), { minLength: 1, maxLength: 40 })
  .map((pairs) => pairs.sort((a, b) => a[0] - b[0]))
  .map((pairs) => ({
    start: Float64Array.from(pairs, ([start]) => start),
    ends: Float64Array.from(pairs, ([start, duration]) => start + duration),
  }))

describe('the axis', () => {
  test('keeps the order of times, within its ends, folded or not, zoomed or not', () => {
    fc.assert(
      fc.property(intervals, fc.boolean(), ({ start, ends }, foldsGaps) => {
        const axis = createTimeAxis({ start, ends, foldsGaps })
        const times = [...start, ...ends].sort((a, b) => a - b)
        const places = times.map((time) => axis.at(time))
        for (const [i, place] of places.entries()) {
          expect(place).toBeGreaterThanOrEqual(i === 0 ? 0 : (places[i - 1] ?? 0))
          expect(place).toBeLessThanOrEqual(1 + 1e-9)
        }
        for (const x of [0.1, 0.5, 0.9]) expect(axis.at(axis.timeAt(x))).toBeCloseTo(x, 4)
        const zoomed = zoomAxis(axis, 0.25, 0.75)
        expect(zoomed.at(axis.timeAt(0.5))).toBeCloseTo(0.5, 3)
      }),
    )
  })

  test.each([
    ['takes no time', [5e11]],
    ['has moments far from each other', [0, 1e9, 5e11]],
  ])('tells times of a trace that %s', (_, moments) => {
    for (const foldsGaps of [true, false]) {
      const times = Float64Array.from(moments)
      const axis = createTimeAxis({ start: times, ends: times, foldsGaps })
      for (const x of [0.1, 0.5, 0.9]) expect(axis.at(axis.timeAt(x))).toBeCloseTo(x, 4)
    }
  })

  test('draws a long wait narrow, and a short one as it is', () => {
    const hour = 3_600e9
    const axis = createTimeAxis({ start: Float64Array.of(0, hour), ends: Float64Array.of(10e9, hour + 10e9), foldsGaps: true })
    const idle = axis.stretches.find((stretch) => stretch.idle)
    expect((idle?.x1 ?? 0) - (idle?.x0 ?? 0)).toBeCloseTo(0.06 / 1.06, 3)
    expect(
      createTimeAxis({ start: Float64Array.of(0, hour), ends: Float64Array.of(10e9, hour + 10e9), foldsGaps: false }).stretches,
    ).toHaveLength(1)
  })
})

describe('the analysis', () => {
  const times = (...pairs: readonly (readonly [number, number])[]) => ({
    start: Float64Array.from(pairs, ([start]) => start),
    ends: Float64Array.from(pairs, ([, end]) => end),
  })

  test('own time is what no child covers, children side by side counted once', () => {
    const { start, ends } = times([0, 100], [10, 40], [20, 50], [90, 130])
    expect([...selfTimes(indexOf([-1, 0, 0, 0]), start, ends)]).toEqual([50, 30, 30, 40])
  })

  test('own time is between nothing and the whole', () => {
    fc.assert(
      fc.property(intervals, ({ start, ends }) => {
        const index = indexOf(Array.from(start, (_, row) => Math.floor((row - 1) / 2)))
        for (const [row, self] of selfTimes(index, start, ends).entries()) {
          expect(self).toBeGreaterThanOrEqual(0)
          expect(self).toBeLessThanOrEqual((ends[row] ?? 0) - (start[row] ?? 0))
        }
      }),
    )
  })

  test('the critical path goes through what ended last before what came after', () => {
    // Two side by side, of which the longer counts; then one that waited for it; and one that ended early.
    const { start, ends } = times([0, 100], [0, 30], [0, 60], [5, 10], [60, 95])
    expect([...criticalPath(indexOf([-1, 0, 0, 1, 0]), start, ends)]).toEqual([1, 0, 1, 0, 1])
  })
})
