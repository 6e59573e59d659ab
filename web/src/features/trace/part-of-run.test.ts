import { makeSpanColumns, type SpanTable } from '@cairn/sdk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partOfRun } from './part-of-run'

/** Spans as [parent, run]: run 0 is none. */
function tableOf(spans: readonly (readonly [parent: number, run: number])[]): SpanTable {
  const columns = makeSpanColumns(spans.length)
  for (const [row, [parent, run]] of spans.entries()) {
    columns.id[row] = BigInt(row + 1)
    columns.parent[row] = parent
    columns.run[row] = run
    columns.start[row] = row * 10
    columns.cost[row] = BigInt(row) * -7n
    columns.ttft[row] = row % 2 === 0 ? Number.NaN : row
  }
  const meta = { traceId: '', origin: '0', rows: spans.length, truncated: false, usage: {} as never, cost: {} as never }
  return { meta, rows: spans.length, words: ['', 'caller', 'called'], columns }
}

test('it has the spans of the run and what is below them, whoever made that, with its parents', () => {
  //            0 caller     1 called    2 its tool  3 caller    4 called again, by whom is unknown  5 below 2
  const part = partOfRun(
    tableOf([
      [-1, 1],
      [0, 2],
      [1, 0],
      [0, 1],
      [-1, 2],
      [2, 1],
    ]),
    'called',
  )
  expect([...part.columns.id]).toEqual([2n, 3n, 5n, 6n])
  expect([...part.columns.parent]).toEqual([-1, 0, -1, 1])
  expect([...part.columns.cost]).toEqual([-7n, -14n, -28n, -35n])
  expect([...part.columns.ttft]).toEqual([1, Number.NaN, Number.NaN, 5])
  expect([part.rows, part.meta.rows]).toEqual([4, 4])
})

test('a run that made none has none', () => {
  expect(partOfRun(tableOf([[-1, 1]]), 'called').rows).toBe(0)
  expect(partOfRun(tableOf([[-1, 0]]), 'unheard of').rows).toBe(0)
})

test('rows keep their order, and parents come along wherever they are part of it', () => {
  const spans = fc
    .integer({ min: 1, max: 30 })
    .chain((rows) =>
      fc.array(fc.tuple(fc.integer({ min: -1, max: rows - 1 }), fc.integer({ min: 0, max: 2 })), { minLength: rows, maxLength: rows }),
    )
  fc.assert(
    fc.property(spans, (all) => {
      const whole = tableOf(all)
      const { columns, rows } = partOfRun(whole, 'called')
      const ids = [...columns.id]
      expect(ids).toEqual([...ids].sort((a, b) => Number(a - b)))
      for (let row = 0; row < rows; row++) {
        const parent = columns.parent[row] ?? -1
        const was = whole.columns.parent[Number(columns.id[row]) - 1] ?? -1
        expect(parent < 0 ? -1 : Number(columns.id[parent]) - 1).toBe(ids.includes(BigInt(was + 1)) ? was : -1)
      }
      for (const [row, [, run]] of all.entries()) if (run === 2) expect(ids).toContain(BigInt(row + 1))
    }),
  )
})
