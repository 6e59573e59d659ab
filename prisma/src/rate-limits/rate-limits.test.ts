import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensureFirstProject } from '../accounts/ensure-first-project.ts'
import { createPool } from '../client.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { forgetFullBuckets } from './forget-full-buckets.ts'
import { takeToken } from './take-token.ts'

let database: TestDatabase
let pool: pg.Pool
let projectId: string
beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool(database.url, { max: 8 })
  projectId = (await ensureFirstProject(pool)).id
})
afterAll(async () => {
  await pool?.end()
  await database?.drop()
})

const START = Date.parse('2030-01-01T00:00:00Z')
const at = (ms: number) => new Date(START + ms).toISOString()

/** A bucket as one thinks of it: tokens that come back evenly, and a debt of those reserved before they were there. */
class Bucket {
  tokens: number
  #lastMs = 0
  readonly limit: number
  readonly periodMs: number

  constructor(limit: number, periodMs: number) {
    this.limit = limit
    this.periodMs = periodMs
    this.tokens = limit
  }

  take(nowMs: number, maxWaitMs: number | null): { taken: boolean; waitMs: number } {
    this.tokens = Math.min(this.limit, this.tokens + ((nowMs - this.#lastMs) / this.periodMs) * this.limit)
    this.#lastMs = nowMs
    const waitMs = Math.max(0, ((1 - this.tokens) * this.periodMs) / this.limit)
    if (maxWaitMs !== null && waitMs > maxWaitMs) return { taken: false, waitMs }
    this.tokens -= 1
    return { taken: true, waitMs }
  }
}

let runs = 0

it('gives and withholds tokens as a bucket that fills evenly', async () => {
  const take = fc.record({ afterMs: fc.integer({ min: 0, max: 4_000 }), maxWaitMs: fc.constantFrom(null, 0, 500, 3_000) })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(1_000, 6_000, 60_000),
      fc.array(take, { maxLength: 30 }),
      async (limit, periodMs, takes) => {
        const key = `model-${runs++}`
        const bucket = new Bucket(limit, periodMs)
        let nowMs = 0
        for (const { afterMs, maxWaitMs } of takes) {
          nowMs += afterMs
          const expected = bucket.take(nowMs, maxWaitMs)
          // Where the wait is the longest one allowed to the microsecond, either answer is right.
          fc.pre(maxWaitMs === null || Math.abs(expected.waitMs - maxWaitMs) > 0.1 || expected.waitMs === 0)
          const given = await takeToken(pool, { projectId, key, limit, periodMs, maxWaitMs, at: at(nowMs) })
          expect(given.taken).toBe(expected.taken)
          expect(Math.abs(given.waitMs - expected.waitMs)).toBeLessThan(0.1)
        }
      },
    ),
    { numRuns: 60 },
  )
})

it('gives each of those who ask at once a time of their own', async () => {
  const request = { projectId, key: 'at once', limit: 4, periodMs: 4_000, maxWaitMs: null, at: at(0) }
  const waits = (await Promise.all(Array.from({ length: 12 }, () => takeToken(pool, request)))).map((token) => token.waitMs)
  expect(waits.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000])
})

it('keeps buckets of another limit apart, and forgets those that are full', async () => {
  const minute = { projectId, key: 'changed', periodMs: 60_000, maxWaitMs: 0 }
  expect(await takeToken(pool, { ...minute, limit: 1 })).toEqual({ taken: true, waitMs: 0 })
  expect(await takeToken(pool, { ...minute, limit: 1 })).toMatchObject({ taken: false })
  expect(await takeToken(pool, { ...minute, limit: 2 })).toEqual({ taken: true, waitMs: 0 })
  await pool.query(`UPDATE rate_limits SET full_at = now() - interval '2 hours' WHERE key LIKE '%changed", 1,%'`)
  expect(await forgetFullBuckets(pool)).toBe(1)
  expect(await takeToken(pool, { ...minute, limit: 1 })).toEqual({ taken: true, waitMs: 0 })
  expect(await takeToken(pool, { ...minute, limit: 2 })).toEqual({ taken: true, waitMs: 0 })
})
