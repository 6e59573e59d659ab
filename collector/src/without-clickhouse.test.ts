import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@cairn/clickhouse/embedded'
import { createTestDatabase } from '@cairn/prisma/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Collector, startCollector } from './collector.ts'
import { readConfig } from './config.ts'
import { KEY, RunCollector } from './testing/run-collector.fixture.ts'

let dataDir: string
let database: Awaited<ReturnType<typeof createTestDatabase>>
let engine: EmbeddedClickHouse
let collector: Collector | undefined
let api: RunCollector

const start = (clickhouseUrl: string, folder = 'collector') =>
  startCollector({
    ...readConfig(
      {
        databaseUrl: database.url,
        clickhouseUrl,
        dataDir: join(dataDir, folder),
        projectKey: KEY,
        httpPort: 0,
        grpcPort: 0,
        host: '127.0.0.1',
      },
      {},
    ),
    logLevel: 'silent',
  })

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cairn-test-without-clickhouse-'))
  ;[engine, database] = await Promise.all([startEmbeddedClickHouse({ dataDir: join(dataDir, 'clickhouse') }), createTestDatabase()])
  await engine.stop()
  collector = await start(engine.url)
  const { stop } = collector
  api = new RunCollector(collector, stop)
})
afterAll(async () => {
  await api?.stop()
  await engine?.stop()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const TRACE = 'c'.repeat(32)
const spansOf = (request: number) => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: Array.from({ length: 10 }, (_, at) => ({
            traceId: TRACE,
            spanId: (request * 10 + at + 1).toString(16).padStart(16, '0'),
            name: 'chat',
            startTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`,
            endTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`,
          })),
        },
      ],
    },
  ],
})

test('a collector that starts while ClickHouse is away serves runs and keeps spans, and writes them once it is there', async () => {
  const run = await api.create()
  const [claimed] = await api.claim()
  expect(claimed?.id).toBe(run.id)
  expect((await api.finish(run.id, 1)).status).toBe(200)
  expect(await api.get(run.id)).toMatchObject({ status: 'succeeded' })
  expect((await api.ask('GET', '/api/v1/runs')).status).toBe(200)

  for (let request = 0; request < 5; request++) expect((await api.ask('POST', '/v1/traces', spansOf(request))).status).toBe(200)
  // Sent again, as by an exporter that got no answer.
  await api.ask('POST', '/v1/traces', spansOf(2))
  const refused = await api.ask('GET', `/api/v1/traces/${TRACE}`)
  expect(refused).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
  expect(refused.headers.get('retry-after')).not.toBeNull()
  expect((await api.ask('GET', '/healthz')).status).toBe(200)
  expect(await api.ask('GET', '/readyz')).toMatchObject({ status: 503, body: { postgres: 'ok', clickhouse: 'unavailable' } })
  expect((await api.ask('GET', '/metrics')).text).toMatch(/cairn_ingest_\w*fail\w* 1/)

  engine = await startEmbeddedClickHouse({ dataDir: join(dataDir, 'clickhouse'), port: Number(new URL(engine.url).port) })
  let trace = refused
  for (const until = Date.now() + 40_000; Date.now() < until && trace.body?.spans?.length !== 50; await delay(200))
    trace = await api.ask('GET', `/api/v1/traces/${TRACE}`)
  expect(trace.body.spans).toHaveLength(50)
  expect((await api.ask('GET', '/readyz')).status).toBe(200)
}, 90_000)

test('one that ClickHouse refuses does not start, and says why', async () => {
  const wrong = new URL(engine.url)
  wrong.password = 'wrong'
  await expect(start(wrong.href, 'refused')).rejects.toThrow('Authentication failed')
})
