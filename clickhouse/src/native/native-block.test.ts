import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClickHouseClient, createClickHouse } from '../client.ts'
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/start.ts'
import { migrate } from '../migrate/migrate.ts'
import { insertNative } from './insert-native.ts'
import { NativeEncoder, type NativeRow } from './native-block.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'cairn-test-native-'))
let engine: EmbeddedClickHouse
let client: ClickHouseClient
beforeAll(async () => {
  engine = await startEmbeddedClickHouse({ dataDir })
  await migrate({ url: engine.url })
  client = createClickHouse({ url: engine.url })
  await client.command({
    query: `CREATE TABLE every_type (n UInt64, s String, low LowCardinality(String), short FixedString(16), long FixedString(32), id UUID, u8 UInt8,
      u32 UInt32, f Nullable(Float64), t DateTime64(9, 'UTC'), d Decimal(18, 12), list Array(LowCardinality(String)), hashes Array(FixedString(32)),
      money Map(LowCardinality(String), Decimal(18, 12))) ENGINE = MergeTree ORDER BY n`,
  })
})
afterAll(async () => {
  await client?.close()
  await engine?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const SCHEMA = {
  n: 'UInt64',
  s: 'String',
  low: 'String',
  short: 'FixedString(16)',
  long: 'FixedString(32)',
  id: 'UUID',
  u8: 'UInt8',
  u32: 'UInt32',
  f: 'Nullable(Float64)',
  t: 'DateTime64(9)',
  d: 'Decimal(18, 12)',
  list: 'Array(String)',
  hashes: 'Array(FixedString(32))',
  money: 'Map(String, Decimal(18, 12))',
} as const

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('', 'NUL \0', '"\\\t\n', 'é'.repeat(42), 'x'.repeat(127), '石'.repeat(43), 'x'.repeat(20_000)),
)
const hex = (chars: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: chars, maxLength: chars })
const decimal = fc
  .tuple(fc.nat(999_999), fc.nat(999_999_999_999))
  .map(([whole, part]) => `${whole}.${String(part).padStart(12, '0')}`.replace(/\.?0+$/, ''))
const Row = fc.record<Omit<NativeRow<typeof SCHEMA>, 'n'>>({
  s: text,
  low: text,
  short: hex(16),
  long: hex(32),
  id: fc.uuid(),
  u8: fc.nat(255),
  u32: fc.nat(4_294_967_295),
  f: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n))),
  t: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  d: decimal,
  list: fc.array(text, { maxLength: 3 }),
  hashes: fc.array(hex(32), { maxLength: 3 }),
  money: fc.dictionary(hex(4), decimal, { maxKeys: 3, noNullPrototype: true }),
})

test('rows of every type come back from the engine as they were', async () => {
  const encoder = new NativeEncoder(SCHEMA)
  const encode = (rows: readonly NativeRow<typeof SCHEMA>[]): Buffer => {
    const [first, ...rest] = rows
    if (first !== undefined) encoder.add([first])
    encoder.add(rest)
    return encoder.take()
  }
  let serial = 0
  await fc.assert(
    fc.asyncProperty(fc.array(Row, { minLength: 1, maxLength: 8 }), async (some) => {
      const first = serial + 1
      const rows = some.map((row) => ({ n: ++serial * 3_000_000, ...row }))
      await insertNative(client, { table: 'every_type', block: encode(rows), token: `t${serial}` })
      const result = await client.query({
        query: `SELECT * REPLACE (toString(toUnixTimestamp64Nano(t)) AS t) FROM every_type WHERE n >= ${first * 3_000_000} ORDER BY n`,
        format: 'JSONEachRow',
      })
      const stored = await result.json<Record<string, unknown>>()
      expect(stored).toEqual(rows.map((row) => ({ ...row, n: String(row.n), t: String(row.t) })))
    }),
    { numRuns: 40 },
  )
})
