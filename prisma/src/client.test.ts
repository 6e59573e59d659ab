import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool, createPrisma } from './client.ts'
import { listPriceOverrides } from './prices/list-price-overrides.ts'
import { putPriceOverride } from './prices/put-price-override.ts'
import { createTestDatabase, type TestDatabase } from './testing/index.ts'
import { inTransaction } from './transaction.ts'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

test('times keep their microseconds in UTC, sequences are numbers, money is text', async () => {
  const { rows } = await pool.query(
    `select timestamptz '2026-03-04 05:06:07.123456+02' as a, timestamptz '2026-03-04 05:06:07+00' as b, nextval('run_seq') as seq, 0.000000000001::numeric as usd`,
  )
  expect(rows).toEqual([{ a: '2026-03-04T03:06:07.123456Z', b: '2026-03-04T05:06:07Z', seq: 1, usd: '0.000000000001' }])
  await expect(pool.query('select 9007199254740993::bigint as big')).rejects.toThrow(/cast it to text/)
})

test('a transaction that fails leaves nothing and gives its connection back', async () => {
  await expect(
    inTransaction(pool, async (client) => {
      await client.query(`insert into organizations (id, name) values (gen_random_uuid(), 'gone')`)
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect((await pool.query('select 1 from organizations')).rowCount).toBe(0)
  expect(pool.idleCount).toBe(pool.totalCount)
})

test('a connection that breaks between two queries of a transaction fails it, and nothing else', async () => {
  await expect(
    inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      const gone = new Promise((resolve) => client.once('error', resolve))
      await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
      await gone
      await client.query('select 1')
    }),
  ).rejects.toThrow()
  expect((await pool.query('select 1')).rowCount).toBe(1)
})

test('Prisma reads what SQL wrote; own prices keep their history', async () => {
  const prisma = createPrisma(database.url, { max: 2 })
  const projectId = '0190a0b0-0000-7000-8000-000000000001'
  const price = { projectId, provider: 'openai', model: 'gpt-x', prices: { input: '1.25', output: '10' } }
  await putPriceOverride(pool, price)
  await putPriceOverride(pool, { ...price, prices: { input: '1' }, validFrom: '2020-01-01T00:00:00Z' })
  expect(await prisma.priceOverride.findMany({ where: { projectId }, orderBy: { validFrom: 'asc' } })).toMatchObject([
    { prices: { input: '1' } },
    { prices: { input: '1.25', output: '10' } },
  ])
  expect(await listPriceOverrides(pool, { projectId })).toHaveLength(2)
  await prisma.$disconnect()
})
