import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClickHouse } from '@cairn/clickhouse'
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@cairn/clickhouse/embedded'
import { createTestDatabase } from '@cairn/prisma/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Collector, startCollector } from './collector.ts'
import { readConfig } from './config.ts'
import { KEY, RunCollector } from './testing/run-collector.fixture.ts'

let dataDir: string
let database: Awaited<ReturnType<typeof createTestDatabase>>
let engine: EmbeddedClickHouse
let collectors: Collector[]
let a: RunCollector
let b: RunCollector

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cairn-test-two-'))
  ;[engine, database] = await Promise.all([startEmbeddedClickHouse({ dataDir: join(dataDir, 'clickhouse') }), createTestDatabase()])
  // At once: both migrate both stores.
  collectors = await Promise.all(
    ['a', 'b'].map((name) => {
      const options = { databaseUrl: database.url, clickhouseUrl: engine.url, dataDir: join(dataDir, name), projectKey: KEY }
      return startCollector({ ...readConfig({ ...options, httpPort: 0, grpcPort: 0 }, {}), logLevel: 'silent' })
    }),
  )
  const [first, second] = collectors.map((collector) => new RunCollector(collector, collector.stop))
  if (first === undefined || second === undefined) throw new Error('There are two.')
  ;[a, b] = [first, second]
})
afterAll(async () => {
  await Promise.all([a?.stop(), b?.stop()])
  await engine?.stop()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const PER_REQUEST = 20
const requestOf = (request: number, tokens: number) => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: Array.from({ length: PER_REQUEST }, (_, at) => ({
            traceId: (request + 1).toString(16).padStart(32, '0'),
            spanId: (request * PER_REQUEST + at + 1).toString(16).padStart(16, '0'),
            name: 'chat',
            startTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`,
            endTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`,
            attributes: [
              { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
              { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o-mini' } },
              { key: 'gen_ai.usage.input_tokens', value: { intValue: tokens } },
            ],
          })),
        },
      ],
    },
  ],
})

test('spans that two collectors take are all there once, in the tables and in the sums, through either of them', async () => {
  const REQUESTS = 30
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, (_, request) => (request % 2 === 0 ? a : b).ask('POST', '/v1/traces', requestOf(request, 3))),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(REQUESTS).fill(200))
  // Sent again to the same one, as a balancer that keeps a sender with its collector does.
  for (let request = 0; request < 6; request++) await (request % 2 === 0 ? a : b).ask('POST', '/v1/traces', requestOf(request, 3))
  const client = createClickHouse({ url: engine.url })
  const count = async () => {
    const answer = await client.query({
      query: `SELECT toUInt32((SELECT count() FROM spans)) AS spans, toUInt32((SELECT count() FROM spans FINAL)) AS once,
        toUInt32((SELECT sum(usage_total) FROM hourly_stats WHERE grain = 'model')) AS tokens`,
      format: 'JSONEachRow',
    })
    return (await answer.json<{ spans: number; once: number; tokens: number }>())[0]
  }
  for (const until = Date.now() + 20_000; Date.now() < until && (await count())?.spans !== REQUESTS * PER_REQUEST; ) await delay(100)
  await delay(500)
  expect(await count()).toEqual({ spans: REQUESTS * PER_REQUEST, once: REQUESTS * PER_REQUEST, tokens: REQUESTS * PER_REQUEST * 3 })
  await client.close()
  for (const collector of [a, b])
    expect((await collector.ask('GET', `/api/v1/traces/${'1'.padStart(32, '0')}`)).body.spans).toHaveLength(PER_REQUEST)
})

test('a run that one collector takes is claimed at the other, and is the same at both', async () => {
  const waiting = b.claim({ waitMs: 10_000 })
  const run = await a.create()
  const [claimed] = await waiting
  expect(claimed?.id).toBe(run.id)
  await b.checkpoint({ runId: run.id, execution: 1, key: 'one', output: { n: 1 } })
  expect(await a.steps(run.id)).toMatchObject([{ key: 'one', status: 'succeeded' }])
  // Stale at whichever it asks.
  expect((await a.finish(run.id, 7)).status).toBe(409)
  expect((await a.finish(run.id, 1)).status).toBe(200)
  expect((await b.get(run.id)).status).toBe('succeeded')
})

test('of many claims at two collectors each run goes to one', async () => {
  const runs = await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? a : b).create({ agent: 'many' })))
  const claims = await Promise.all(
    Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? a : b).claim({ workerId: `w${at}`, agent: 'many', limit: 5, waitMs: 2_000 })),
  )
  const ids = claims.flat().map(({ id }) => id)
  expect(ids.toSorted()).toEqual(runs.map(({ id }) => id).toSorted())
})

test('what both collectors’ jobs look at is done once: a schedule of every second makes its runs once each', async () => {
  const put = await a.ask('PUT', '/api/v1/schedules/tick', { agent: 'tick', cron: '* * * * * *', timezone: 'UTC' })
  expect(put.status).toBe(201)
  await delay(3_500)
  await b.ask('DELETE', '/api/v1/schedules/tick')
  const { items } = (await b.ask('GET', '/api/v1/runs?agent=tick&limit=50')).body
  expect(items.length).toBeGreaterThanOrEqual(2)
  expect(items.length).toBeLessThanOrEqual(5)
})
