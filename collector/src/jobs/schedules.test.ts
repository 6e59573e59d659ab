import { createPool, ensureFirstProject, listSchedules, pauseSchedule, putSchedule } from '@cairn/prisma'
import { createTestDatabase, type TestDatabase } from '@cairn/prisma/testing'
import type { Pool } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Notifier } from '../runs/notifier.ts'
import { makeScheduledRuns } from './schedules.ts'

let database: TestDatabase
let pool: Pool
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
beforeEach(async () => {
  await pool.query('TRUNCATE schedules, runs, run_values, run_events')
})

const log = pino({ level: 'silent' })
const run = (at: string) => makeScheduledRuns({ ctx: { pool, log }, notifier: new Notifier() }, new Date(at))
const put = (more: Partial<Parameters<typeof putSchedule>[1]> = {}) =>
  putSchedule(pool, {
    projectId,
    name: 'nightly',
    agent: 'research',
    version: null,
    cron: '0 3 * * *',
    timezone: 'Europe/Berlin',
    input: '{"topic":"tides"}',
    priority: 2,
    concurrencyKey: 'k',
    rateLimitKey: null,
    catchUp: false,
    nextAt: '2026-03-28T02:00:00Z',
    ...more,
  })
const schedule = async () => (await listSchedules(pool, projectId, 'nightly'))[0]
/** The times that runs were made for. */
async function madeFor(): Promise<string[]> {
  const { rows } = await pool.query<{ key: string }>('SELECT idempotency_key AS key FROM runs ORDER BY id')
  return rows.map(({ key }) => key.replace('schedule/nightly/', '').slice(0, 16))
}

describe('a schedule', () => {
  it('makes nothing before its time, and one run at it', async () => {
    await put()
    await run('2026-03-28T01:59:59Z')
    expect(await madeFor()).toEqual([])
    await run('2026-03-28T02:00:00Z')
    await run('2026-03-28T02:00:01Z')
    expect(await madeFor()).toEqual(['2026-03-28T02:00'])
    const { rows } = await pool.query(
      'SELECT r.id, agent, status, priority, concurrency_key, tags, input, metadata FROM runs r JOIN run_values ON run_id = r.id',
    )
    expect(rows).toMatchObject([
      {
        agent: 'research',
        status: 'queued',
        priority: 2,
        concurrency_key: 'k',
        tags: ['schedule:nightly'],
        input: '{"topic":"tides"}',
        metadata: '{"schedule":"nightly","dueAt":"2026-03-28T02:00:00.000Z"}',
      },
    ])
    // The night of summer time: an hour less to wait.
    expect(await schedule()).toMatchObject({
      nextAt: '2026-03-29T01:00:00.000000Z',
      lastRunId: rows[0].id,
      lastAt: '2026-03-28T02:00:00.000000Z',
    })
  })

  it('makes each run once, however many collectors look', async () => {
    for (let i = 0; i < 12; i++) await put({ name: `nightly-${i}` })
    await Promise.all(Array.from({ length: 6 }, () => run('2026-03-28T02:00:01Z')))
    const { rows } = await pool.query('SELECT tags[1] AS tag, count(*)::int AS runs FROM runs GROUP BY 1')
    expect(rows).toHaveLength(12)
    expect(rows.every((row) => row.runs === 1)).toBe(true)
  })

  it('makes a run once, also where its next time was lost', async () => {
    await put()
    await run('2026-03-28T02:00:00Z')
    await pool.query(`UPDATE schedules SET next_at = '2026-03-28T02:00:00Z'`)
    await run('2026-03-28T02:00:01Z')
    expect(await madeFor()).toEqual(['2026-03-28T02:00'])
    expect(await schedule()).toMatchObject({ nextAt: '2026-03-29T01:00:00.000000Z' })
  })

  it.each([
    [false, []],
    [true, ['2026-03-30T01:00']],
  ])('after days without a collector, catchUp %s: %j', async (catchUp, expected) => {
    await put({ catchUp })
    await run('2026-03-30T12:00:00Z')
    expect(await madeFor()).toEqual(expected)
    expect(await schedule()).toMatchObject({ nextAt: '2026-03-31T01:00:00.000000Z' })
  })

  it('makes a run that is late by no more than a restart', async () => {
    await put({ cron: '* * * * *' })
    await run('2026-03-28T04:00:30Z')
    expect(await madeFor()).toEqual(['2026-03-28T04:00'])
  })

  it('makes none while it is paused, and none for that time later', async () => {
    await put({ catchUp: true })
    await pauseSchedule(pool, { projectId, name: 'nightly', paused: true, nextAt: null })
    await put({ catchUp: true })
    await run('2026-03-29T12:00:00Z')
    await pauseSchedule(pool, { projectId, name: 'nightly', paused: false, nextAt: '2026-03-30T01:00:00Z' })
    await run('2026-03-29T12:00:00Z')
    expect(await madeFor()).toEqual([])
  })

  it('keeps its next time when it is stored again, unless its times change', async () => {
    expect(await put()).toMatchObject({ created: true })
    expect(await put({ nextAt: '2026-03-31T01:00:00Z' })).toMatchObject({ created: false, nextAt: '2026-03-28T02:00:00.000000Z' })
    expect(await put({ nextAt: '2026-03-31T02:00:00Z', cron: '0 4 * * *' })).toMatchObject({ nextAt: '2026-03-31T02:00:00.000000Z' })
  })

  it('that can no longer be read is stopped, and holds up no other', async () => {
    await put({ name: 'broken', cron: 'no more', nextAt: '2026-03-28T01:00:00Z' })
    await put()
    await run('2026-03-28T02:00:00Z')
    expect(await madeFor()).toEqual(['2026-03-28T02:00'])
    expect((await listSchedules(pool, projectId, 'broken'))[0]).toMatchObject({ nextAt: null })
  })
})
