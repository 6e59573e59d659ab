import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPool } from '../client.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { addMessages } from './add-messages.ts'
import { getSession } from './get-session.ts'
import { putSession } from './put-session.ts'

let database: TestDatabase
let pool: pg.Pool
const projectId = randomUUID()
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const hello = { role: 'user', content: '"hello"' }

test('state and messages are kept in order, under one version', async () => {
  const id = 's1'
  expect(await getSession(pool, { projectId, id })).toBeUndefined()
  expect(await putSession(pool, { projectId, id, state: '{"n":1}', ifVersion: 0 })).toBe(1)
  const createdAt = '2026-01-02T03:04:05.678901Z'
  expect(
    await addMessages(pool, {
      projectId,
      id,
      messages: [
        { ...hello, createdAt },
        { role: 'assistant', content: '["\\u0000"]' },
      ],
    }),
  ).toBe(2)
  expect(await addMessages(pool, { projectId, id, messages: [hello], ifVersion: 2 })).toBe(3)
  const session = await getSession(pool, { projectId, id })
  expect(session).toMatchObject({ id, version: 3, state: '{"n":1}' })
  expect(session?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user'])
  expect(session?.messages[0]).toEqual({ ...hello, createdAt })
  expect(await getSession(pool, { projectId: randomUUID(), id })).toBeUndefined()
})

test('a stale version is refused, names the current one and changes nothing', async () => {
  const id = 's2'
  await expect(putSession(pool, { projectId, id, state: '{}', ifVersion: 3 })).rejects.toMatchObject({ currentVersion: 0 })
  await putSession(pool, { projectId, id, state: '{}' })
  await putSession(pool, { projectId, id, state: '{"a":1}' })
  await expect(putSession(pool, { projectId, id, state: '{"b":1}', ifVersion: 1 })).rejects.toMatchObject({
    code: 'conflict',
    currentVersion: 2,
  })
  await expect(addMessages(pool, { projectId, id, messages: [hello], ifVersion: 0 })).rejects.toMatchObject({ currentVersion: 2 })
  expect(await getSession(pool, { projectId, id })).toMatchObject({ version: 2, state: '{"a":1}', messages: [] })
})

test('of writers at once that read the same version one wins; without a version all are kept', async () => {
  const id = 's3'
  await putSession(pool, { projectId, id, state: '{}' })
  const guarded = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) => putSession(pool, { projectId, id, state: `{"by":${i}}`, ifVersion: 1 })),
  )
  expect(guarded.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  await Promise.all(
    Array.from({ length: 8 }, (_, i) => addMessages(pool, { projectId, id, messages: [hello, { role: 'user', content: String(i) }] })),
  )
  const session = await getSession(pool, { projectId, id })
  expect(session?.version).toBe(10)
  expect(session?.messages).toHaveLength(16)
})
