import { ensureFirstProject, setSavedUsd } from '@cairn/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestCollector, type TestCollector } from '../ingest/test-collector.fixture.ts'
import { RunProjector } from './project-runs.ts'

let collector: TestCollector
let projectId: string
beforeAll(async () => {
  collector = await startTestCollector()
  projectId = (await ensureFirstProject(collector.ctx.pool)).id
})
afterAll(() => collector?.stop())

interface Db {
  query(text: string, values?: unknown[]): Promise<unknown>
}

async function insertRun(db: Db, status: string): Promise<string> {
  const id = crypto.randomUUID()
  await db.query(
    `INSERT INTO runs (id, project_id, trace_id, agent, status, execution, created_at) VALUES ($1, $2, $3, 'a', $4, 1, now())`,
    [id, projectId, id.replaceAll('-', ''), status],
  )
  await db.query(`INSERT INTO executions (run_id, number) VALUES ($1, 1)`, [id])
  await logChange(db, id)
  return id
}
const logChange = (db: Db, id: string) =>
  db.query(`INSERT INTO run_events (run_id, seq, execution, type, data) VALUES ($1, nextval('run_seq'), 1, 'status', '{}')`, [id])

async function copyOf(id: string): Promise<{ status: string; saved: string } | undefined> {
  const result = await collector.clickhouse.query({
    query: 'SELECT status, toString(saved_usd) AS saved FROM runs FINAL WHERE run_id = {id:UUID}',
    query_params: { id },
    format: 'JSONEachRow',
  })
  return (await result.json<{ status: string; saved: string }>())[0]
}

test('a change that was committed after one of a higher number was copied is not left out', async () => {
  const { ctx } = collector
  const projector = new RunProjector(ctx, { settledAfterMs: 500, lookBackEveryMs: 0 })
  const slow = await ctx.pool.connect()
  try {
    await slow.query('BEGIN')
    const late = await insertRun(slow, 'succeeded')
    const early = await insertRun(ctx.pool, 'failed')
    await projector.step()
    expect(await copyOf(early)).toMatchObject({ status: 'failed' })
    await slow.query('COMMIT')
    await expect
      .poll(
        async () => {
          await projector.step()
          return copyOf(late)
        },
        { timeout: 10_000 },
      )
      .toMatchObject({ status: 'succeeded' })
  } finally {
    slow.release()
  }
})

test('what was saved and became known after the run’s end is copied; a restart goes on where it was', async () => {
  const { ctx } = collector
  const id = await insertRun(ctx.pool, 'succeeded')
  await new RunProjector(ctx).step()
  expect(await copyOf(id)).toEqual({ status: 'succeeded', saved: '0' })
  await setSavedUsd(ctx.pool, id, 1, '1.25')
  await new RunProjector(ctx).step()
  expect(await copyOf(id)).toEqual({ status: 'succeeded', saved: '1.25' })
})

test('an emoji that lies over the cut of a text or of a message stops nothing', async () => {
  const { ctx } = collector
  const id = await insertRun(ctx.pool, 'failed')
  const message = `${'m'.repeat(999)}\u{1f600}`
  await ctx.pool.query(`INSERT INTO run_values (run_id, input) VALUES ($1, $2)`, [id, `${'i'.repeat(65_535)}\u{1f600}`])
  await ctx.pool.query(`UPDATE runs SET error_type = 'E', error_message = $2 WHERE id = $1`, [id, message])
  await ctx.pool.query(`UPDATE run_events SET data = $2 WHERE run_id = $1`, [
    id,
    JSON.stringify({ status: 'failed', error: { type: 'E', message }, errorGroup: 'abcdef0123456789', failedStep: null }),
  ])
  await new RunProjector(ctx).step()
  expect(await copyOf(id)).toMatchObject({ status: 'failed' })
  const texts = await collector.clickhouse.query({
    query: `SELECT lengthUTF8(text) AS chars, (SELECT lengthUTF8(error_message) FROM failures WHERE run_id = {id:String}) AS failed
      FROM run_texts FINAL WHERE run_id = {id:UUID}`,
    query_params: { id },
    format: 'JSONEachRow',
  })
  expect(await texts.json()).toEqual([{ chars: String(65_536 + 1 + 1 + 1 + 1_000), failed: '1000' }])
})

test('a run that was resumed took as long as its executions, not the time between them', async () => {
  const { pool } = collector.ctx
  const id = await insertRun(pool, 'succeeded')
  await pool.query(
    `UPDATE executions SET started_at = now() - interval '2 hours', ended_at = now() - interval '2 hours' + interval '1.5 seconds' WHERE run_id = $1`,
    [id],
  )
  await pool.query(`INSERT INTO executions (run_id, number, started_at, ended_at) VALUES ($1, 2, now() - interval '2 seconds', now())`, [
    id,
  ])
  await logChange(pool, id)
  await new RunProjector(collector.ctx).step()
  const result = await collector.clickhouse.query({
    query: 'SELECT active_ms AS ms FROM runs FINAL WHERE run_id = {id:UUID}',
    query_params: { id },
    format: 'JSONEachRow',
  })
  expect(await result.json()).toEqual([{ ms: '3500' }])
})
