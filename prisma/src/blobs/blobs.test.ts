import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool } from '../client.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { getBlob } from './get-blob.ts'
import { putBlob } from './put-blob.ts'

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

test('bytes are stored once, compressed, and read back by their project only', async () => {
  const projectId = randomUUID()
  const bytes = Buffer.from('stones '.repeat(20_000))
  const hashes = await Promise.all([putBlob(pool, projectId, bytes), putBlob(pool, projectId, bytes), putBlob(pool, projectId, bytes)])
  const [hash] = hashes
  expect(hashes.every((other) => other.equals(hash))).toBe(true)
  const { rows } = await pool.query(
    'select count(*) as n, max(length(data)) as stored, max(bytes) as bytes from blobs where project_id = $1',
    [projectId],
  )
  expect(rows).toEqual([{ n: 1, stored: expect.toSatisfy((n: number) => n < 1_000), bytes: bytes.byteLength }])
  expect((await getBlob(pool, projectId, hash))?.equals(bytes)).toBe(true)
  expect(await getBlob(pool, randomUUID(), hash)).toBeUndefined()
})

test('random and empty bytes survive', async () => {
  const projectId = randomUUID()
  for (const bytes of [Buffer.alloc(0), randomBytes(1_000_000)]) {
    const hash = await putBlob(pool, projectId, bytes)
    expect((await getBlob(pool, projectId, hash))?.equals(bytes)).toBe(true)
  }
})
