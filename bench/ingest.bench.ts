// Question: how many spans a second are acknowledged and queryable, what do they cost, and how far is that from the engine's own limit?
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClickHouse } from '@cairn/clickhouse'
import { measureFloor } from './src/ingest-floor.ts'
import { measureStages } from './src/ingest-stages.ts'
import { percentile } from './src/measure.ts'
import { makeRequest, renew } from './src/otlp-request.ts'
import { readUsage } from './src/process-usage.ts'
import type { SendOrder, Sent } from './src/span-sender.ts'
import { startCairn } from './src/start-cairn.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** Folder for CPU profiles of the collector. */
    profile: { type: 'string' },
    only: { type: 'string' },
  },
})
const SECONDS = options.quick ? 5 : 10
const CONNECTIONS = 8
const SIZES = [
  { spanBytes: 2_000, spansARequest: 100 },
  { spanBytes: 50_000, spansARequest: 10 },
].filter(({ spanBytes }) => options.only === undefined || Number(options.only) === spanBytes)
const DRAIN_LIMIT_MS = 300_000
const round = (value: number, digits = 0) => Number(value.toFixed(digits))

const running = await startCairn({
  postgresSettings: [],
  collectorArgs: options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`],
})
// Merging all parts takes a while.
const clickhouse = createClickHouse({ url: running.clickhouseUrl, requestTimeoutMs: 600_000 })
const sender = fork(join(import.meta.dirname, 'src', 'span-sender.ts'), {
  execArgv: ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning', '--max-old-space-size=4096'],
})

async function countSpans(): Promise<number> {
  const result = await clickhouse.query({ query: 'SELECT count() AS n FROM spans', format: 'JSONEachRow' })
  return Number((await result.json<{ n: string }>())[0]?.n)
}

async function bytesOnDisk(): Promise<number> {
  const query = `SELECT sum(bytes_on_disk) AS n FROM system.parts
    WHERE active AND database = currentDatabase() AND table IN ('spans', 'span_attributes', 'contents')`
  const result = await clickhouse.query({ query, format: 'JSONEachRow' })
  return Number((await result.json<{ n: string }>())[0]?.n)
}

/** Sends, then waits until all that was acknowledged can be queried. */
async function load(order: Omit<SendOrder, 'url' | 'apiKey' | 'connections'>): Promise<Sent & { queryableMs: number; cpu: Cpu }> {
  const before = await countSpans()
  let startedAt = 0
  let cpuBefore = readCpu()
  const sent = await new Promise<Sent>((resolve) => {
    const onMessage = (message: { type: string; sent: Sent }) => {
      if (message.type === 'begun') {
        startedAt = performance.now()
        cpuBefore = readCpu()
        return
      }
      sender.off('message', onMessage)
      resolve(message.sent)
    }
    sender.on('message', onMessage)
    sender.send({ ...order, url: running.url, apiKey: running.apiKey, connections: CONNECTIONS })
  })
  for (let came = 0; came < sent.acknowledged; ) {
    const elapsedMs = performance.now() - startedAt
    if (elapsedMs > order.seconds * 1_000 + DRAIN_LIMIT_MS) throw new Error('Spans that were acknowledged did not come.')
    came = (await countSpans()) - before
    // Asking costs the engine what inserting costs: seldom while much is missing.
    const leftMs = came === 0 ? 200 : ((sent.acknowledged - came) / came) * elapsedMs
    await delay(Math.min(1_000, Math.max(20, leftMs / 4)))
  }
  const queryableMs = performance.now() - startedAt
  const cpuAfter = readCpu()
  const cpu = { collector: cpuAfter.collector - cpuBefore.collector, engine: cpuAfter.engine - cpuBefore.engine }
  return { ...sent, queryableMs, cpu }
}

/** From before a request is sent to when its spans are counted, with nothing else going on. */
async function measureFreshness(spanBytes: number): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < 20; i++) {
    const template = makeRequest(10, spanBytes)
    renew(template)
    const before = await countSpans()
    const startedAt = performance.now()
    const headers = { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/x-protobuf' }
    await fetch(`${running.url}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(template.body) })
    while ((await countSpans()) - before < template.spans) await delay(1)
    times.push(performance.now() - startedAt)
    await delay(250)
  }
  return times
}

interface Cpu {
  readonly collector: number
  readonly engine: number
}
const readCpu = (): Cpu => ({
  collector: readUsage(running.pids.collector).cpuSeconds,
  engine: readUsage(running.pids.clickhouse).cpuSeconds,
})

const rows: object[] = []
for (const size of SIZES) {
  await load({ ...size, seconds: options.quick ? 2 : 5, perSecond: undefined })
  await clickhouse.command({ query: 'TRUNCATE TABLE spans' })
  for (const table of ['span_attributes', 'contents']) await clickhouse.command({ query: `TRUNCATE TABLE ${table}` })
  const full = await load({ ...size, seconds: SECONDS, perSecond: undefined })
  const perSecond = full.acknowledged / (full.queryableMs / 1_000)
  const half = await load({ ...size, seconds: SECONDS, perSecond: perSecond / 2 })
  for (const table of ['spans', 'span_attributes', 'contents']) await clickhouse.command({ query: `OPTIMIZE TABLE ${table} FINAL` })
  const disk = (await bytesOnDisk()) / (full.acknowledged + half.acknowledged)
  const fresh = await measureFreshness(size.spanBytes)
  const aMillion = (seconds: number) => round((seconds / full.acknowledged) * 1e6, 1)
  rows.push({
    what: `${size.spanBytes / 1_000} KB spans, all parts`,
    'acked/s': round(full.acknowledged / (full.elapsedMs / 1_000)),
    'queryable/s': round(perSecond),
    'MB/s': round((perSecond * size.spanBytes) / 1e6, 1),
    'p50 ms full': round(percentile(full.latenciesMs, 0.5), 1),
    'p99 ms full': round(percentile(full.latenciesMs, 0.99), 1),
    'p50 ms half': round(percentile(half.latenciesMs, 0.5), 1),
    'p99 ms half': round(percentile(half.latenciesMs, 0.99), 1),
    'fresh p50 ms': round(percentile(fresh, 0.5)),
    'fresh p95 ms': round(percentile(fresh, 0.95)),
    refused: full.refused + half.refused,
    'CPU s/M collector': aMillion(full.cpu.collector),
    'CPU s/M engine': aMillion(full.cpu.engine),
    'RSS MB collector': readUsage(running.pids.collector).peakRssMb,
    'RSS MB engine': readUsage(running.pids.clickhouse).peakRssMb,
    'disk B/span': round(disk),
  })
  const floor = await measureFloor(clickhouse, running.clickhouseUrl, options.quick ? 2 : 5, () => readCpu().engine)
  rows.push({
    what: `${size.spanBytes / 1_000} KB spans, floor: ready rows into the engine`,
    'queryable/s': round(floor.perSecond),
    'MB/s': round((floor.perSecond * size.spanBytes) / 1e6, 1),
    'CPU s/M engine': round(floor.cpuSecondsAMillion, 1),
  })
  for (const stage of await measureStages(clickhouse, size))
    rows.push({
      what: `${size.spanBytes / 1_000} KB spans, ${stage.name} alone`,
      'queryable/s': round(stage.perSecond),
      'MB/s': round((stage.perSecond * size.spanBytes) / 1e6, 1),
    })
}
console.table(rows)
sender.disconnect()
await clickhouse.close()
await running.stop()
writeResult('ingest', rows)
process.exit(0)
