import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSpan } from '../ingest/map/fixtures/read-fixture.ts'
import { PROJECT_ID, startTestCollector, type TestCollector } from '../ingest/test-collector.fixture.ts'
import { settleSpans, writeSpanGroups } from '../ingest/write-spans.ts'
import { deleteOldTracesOfAll } from './trace-retention.ts'

let collector: TestCollector
const OTHER = '01980000-0000-7000-8000-000000000002'
const DAY_MS = 86_400_000
const [OLD, WAITING, YOUNG] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string]

const write = (projectId: string, traceId: string, ageDays: number) => {
  const startNs = BigInt(Date.now() - ageDays * DAY_MS) * 1_000_000n
  const span = makeSpan(
    { 'session.id': `session of ${traceId}`, 'input.value': `What ${traceId} asked`, 'cairn.kind': 'tool' },
    { traceId, spanId: traceId.slice(0, 16), startNs, endNs: startNs + 1n },
  )
  return writeSpanGroups(collector.ctx, projectId, [
    { resource: new Map(), scope: { name: '', version: '', attributes: new Map() }, schemaUrl: '', items: [span] },
  ])
}

const count = async (): Promise<Record<string, string[]>> => {
  const answer = await collector.clickhouse.query({
    query: `SELECT 'spans' AS name, groupUniqArray(concat(toString(project_id), ' ', trace_id)) AS ids FROM spans
      UNION ALL SELECT 'attributes', groupUniqArray(concat(toString(project_id), ' ', trace_id)) FROM span_attributes
      UNION ALL SELECT 'contents', groupUniqArray(concat(toString(project_id), ' ', substring(scope_id, 12))) FROM contents`,
    format: 'JSONEachRow',
  })
  const rows = await answer.json<{ name: string; ids: string[] }>()
  return Object.fromEntries(rows.map(({ name, ids }) => [name, ids.toSorted()]))
}

beforeAll(async () => {
  collector = await startTestCollector()
  const { pool, clickhouse } = collector.ctx
  await pool.query(`INSERT INTO organizations (id, name) VALUES ($1, 'Ours')`, [OTHER])
  for (const [id, days] of [
    [PROJECT_ID, 10],
    [OTHER, 3_000],
  ])
    await pool.query(`INSERT INTO projects (id, organization_id, name, keep_succeeded_days, keep_other_days) VALUES ($1, $2, $3, 5, $4)`, [
      id,
      OTHER,
      `project ${days}`,
      days,
    ])
  for (const [trace, age] of [
    [OLD, 40],
    [WAITING, 40],
    [YOUNG, 2],
  ] as const)
    await write(PROJECT_ID, trace, age)
  await write(OTHER, OLD, 40)
  await settleSpans(collector.ctx)
  // As if they had been stored when they were made.
  for (const [table, scope] of [
    ['span_attributes', 'trace_id'],
    ['contents', 'substring(scope_id, 12)'],
  ])
    await clickhouse.command({
      query: `ALTER TABLE ${table} UPDATE stored_at = now() - INTERVAL 40 DAY WHERE ${scope} != '${YOUNG}'`,
      clickhouse_settings: { mutations_sync: '1' },
    })
  await pool.query(
    `INSERT INTO runs (id, project_id, agent, version, trace_id, status, created_at)
     VALUES (gen_random_uuid(), $1, 'a', '1', $2, 'waiting', now() - interval '40 days')`,
    [PROJECT_ID, WAITING],
  )
})
afterAll(() => collector?.stop())

test('traces go when their project keeps none so old; those of runs that wait, and of other projects, stay', async () => {
  const all = [`${OTHER} ${OLD}`, ...[OLD, WAITING, YOUNG].map((trace) => `${PROJECT_ID} ${trace}`)].toSorted()
  expect(await count()).toEqual({ spans: all, attributes: all, contents: all })
  await deleteOldTracesOfAll(collector.ctx)
  const left = all.filter((id) => id !== `${PROJECT_ID} ${OLD}`)
  for (const until = Date.now() + 20_000; Date.now() < until; await delay(100)) {
    const now = await count()
    if (Object.values(now).every((ids) => ids.length === left.length)) break
  }
  expect(await count()).toEqual({ spans: left, attributes: left, contents: left })
  // Nothing more to do.
  await deleteOldTracesOfAll(collector.ctx)
  expect(await count()).toEqual({ spans: left, attributes: left, contents: left })
})
