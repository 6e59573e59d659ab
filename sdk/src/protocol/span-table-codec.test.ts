import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_COST, NO_USAGE } from './no-usage.ts'
import { makeSpanColumns, SPAN_FIELDS, type SpanTable } from './span-table.ts'
import { encodeSpanTable, SpanTableReader } from './span-table-codec.ts'

const VALUES = {
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  f64: fc.double(),
  f32: fc.float(),
  u32: fc.nat(),
  i32: fc.integer({ min: -1 }),
  u8: fc.integer({ min: 0, max: 255 }),
}

/** Tables of up to 40 rows; words are numbered in the order of their first use. */
const tables: fc.Arbitrary<SpanTable> = fc.integer({ min: 0, max: 40 }).chain((rows) =>
  fc
    .record({
      words: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 600 }),
      fields: fc.tuple(
        ...SPAN_FIELDS.map(([, kind]) =>
          fc.array<number | bigint>(kind === 'word' ? fc.nat() : VALUES[kind], { minLength: rows, maxLength: rows }),
        ),
      ),
    })
    .map(({ words, fields }) => {
      const columns = makeSpanColumns(rows)
      for (const [i, [field, kind]] of SPAN_FIELDS.entries())
        for (const [row, value] of (fields[i] ?? []).entries())
          (columns[field] as unknown as (number | bigint)[])[row] = kind === 'word' ? Number(value) % words.length : value
      const meta = { traceId: 'a'.repeat(32), origin: '1', rows, truncated: false, usage: NO_USAGE, cost: NO_COST }
      return { meta, rows, words, columns }
    }),
)

test('a table comes out of its frames as it went in, however they are cut', () => {
  fc.assert(
    fc.property(
      tables,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 700 }),
      (table, firstRows, frameRows, cut) => {
        const bytes = Buffer.concat([...encodeSpanTable(table, { firstRows, frameRows })])
        const reader = new SpanTableReader()
        for (let at = 0; at < bytes.length; at += cut) reader.push(bytes.subarray(at, at + cut))
        expect(reader.isComplete).toBe(true)
        const read = reader.table
        if (read === undefined) throw new Error('no table')
        if (read === undefined) throw new Error('no table')
        expect(read.meta).toEqual(table.meta)
        for (const [field, kind] of SPAN_FIELDS) {
          if (kind !== 'word') expect(read.columns[field]).toEqual(table.columns[field])
          else
            expect([...(read.columns[field] as Uint32Array)].map((word) => read.words[word])).toEqual(
              [...(table.columns[field] as Uint32Array)].map((word) => table.words[word]),
            )
        }
      },
    ),
  )
})

test('what has come can be drawn before the rest is here', () => {
  const rows = 10
  const columns = makeSpanColumns(rows)
  columns.name.set([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
  const meta = { traceId: 'a'.repeat(32), origin: '1', rows, truncated: false, usage: NO_USAGE, cost: NO_COST }
  const [first, ...rest] = [...encodeSpanTable({ meta, rows, words: ['a', 'b', 'c', 'd', 'e'], columns }, { firstRows: 3, frameRows: 4 })]
  const reader = new SpanTableReader()
  expect(reader.table).toBeUndefined()
  reader.push(first ?? new Uint8Array())
  expect([reader.table?.rows, reader.table?.words.length, reader.isComplete]).toEqual([3, 2, false])
  for (const frame of rest) reader.push(frame)
  expect([reader.table?.rows, reader.table?.words.length, reader.isComplete]).toEqual([10, 5, true])
})
