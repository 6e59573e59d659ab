import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureFirstProject } from '../accounts/ensure-first-project.ts'
import { createPool } from '../client.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { hashApiKey } from './api-key.ts'
import { createApiKey } from './create-api-key.ts'
import { ensureApiKey } from './ensure-api-key.ts'
import { findApiKey } from './find-api-key.ts'
import { listApiKeys } from './list-api-keys.ts'
import { revokeApiKey } from './revoke-api-key.ts'

let database: TestDatabase
let pool: pg.Pool
let projectId: string
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url)
  const starts = await Promise.all([ensureFirstProject(pool), ensureFirstProject(pool), ensureFirstProject(pool)])
  expect(new Set(starts.map((start) => start.id)).size).toBe(1)
  expect(starts.filter((start) => start.created)).toHaveLength(1)
  projectId = starts[0].id
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

test('a key is found by its hash, notes its use, and is refused once it is revoked', async () => {
  const { id, key, prefix } = await createApiKey(pool, { projectId, name: 'ci' })
  expect(key).toMatch(/^cairn_[\w-]{43}$/)
  expect(await findApiKey(pool, hashApiKey(key))).toEqual({ keyId: id, projectId, name: 'ci' })
  const listed = (await listApiKeys(pool, projectId)).find((item) => item.id === id)
  expect(listed).toMatchObject({ name: 'ci', prefix, revokedAt: null, lastUsedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) })
  expect(JSON.stringify(listed)).not.toContain(key)
  expect(await revokeApiKey(pool, { projectId: randomUUID(), id })).toBe(false)
  expect(await revokeApiKey(pool, { projectId, id })).toBe(true)
  expect(await revokeApiKey(pool, { projectId, id })).toBe(false)
  expect(await findApiKey(pool, hashApiKey(key))).toBeUndefined()
})

test('a given key is made once, by several processes too, and not brought back to life', async () => {
  const given = { projectId, key: 'cairn_given-by-environment', name: 'CAIRN_PROJECT_KEY' }
  await Promise.all([ensureApiKey(pool, given), ensureApiKey(pool, given)])
  await ensureApiKey(pool, given)
  const mine = (await listApiKeys(pool, projectId)).filter((item) => item.name === given.name)
  expect(mine).toHaveLength(1)
  await revokeApiKey(pool, { projectId, id: mine[0]?.id ?? '' })
  await expect(ensureApiKey(pool, given)).rejects.toMatchObject({ code: 'conflict' })
})
