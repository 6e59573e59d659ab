// Question: how long do the pages' questions take at 5 million spans, warm and cold, and how much do they read?
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClickHouse } from '@cairn/clickhouse'
import { startEmbeddedClickHouse } from '@cairn/clickhouse/embedded'
import { migrate } from '@cairn/clickhouse/migrate'
import { percentile } from './src/measure.ts'
import { readUsage } from './src/process-usage.ts'
import { dropCaches } from './src/query/drop-caches.ts'
import { generateSpans } from './src/query/generate-spans.ts'
import { findSubjects, PAGE_QUERIES } from './src/query/page-queries.ts'
import { readCost, recordQueries } from './src/query/recording-client.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    spans: { type: 'string' },
    /** A folder to keep the store in: generated once, asked often. */
    data: { type: 'string' },
    /** Only queries whose name has this in it. */
    only: { type: 'string', default: '' },
  },
})
const SPANS = Number(options.spans ?? (options.quick ? 500_000 : 5_000_000))
const WARM_ROUNDS = options.quick ? 10 : 30
const COLD_ROUNDS = options.quick ? 2 : 5
const MERGE_LIMIT_MS = 300_000
/** All times follow from it, so that two stores of one size are the same. */
const END = '2026-11-20 12:00:00.000000000'
const round = (value: number) => Number(value.toFixed(1))

const dataDir = options.data ?? mkdtempSync(join(tmpdir(), 'cairn-bench-'))
mkdirSync(dataDir, { recursive: true })
const engine = await startEmbeddedClickHouse({ dataDir })
await migrate({ url: engine.url })
const clickhouse = createClickHouse({ url: engine.url, requestTimeoutMs: 600_000 })

async function askNumber(query: string): Promise<number> {
  const answer = await clickhouse.query({ query, format: 'JSONEachRow' })
  return Number((await answer.json<{ n: string }>())[0]?.n)
}

if ((await askNumber('SELECT count() AS n FROM spans')) === 0) {
  const startedAt = performance.now()
  await generateSpans(clickhouse, {
    spans: SPANS,
    end: END,
    onProgress: (spans) =>
      process.stdout.write(`\r${spans.toLocaleString('en')} spans, ${Math.round((performance.now() - startedAt) / 1_000)} s`),
  })
  const mergesUntil = performance.now() + MERGE_LIMIT_MS
  while (performance.now() < mergesUntil && (await askNumber('SELECT count() AS n FROM system.merges')) > 0) await delay(500)
  process.stdout.write(`\nmerged after ${Math.round((performance.now() - startedAt) / 1_000)} s\n`)
}
const stored = await askNumber('SELECT count() AS n FROM spans')
const subjects = await findSubjects(clickhouse, END)
const { client, asked } = recordQueries(clickhouse)

const rows: object[] = []
for (const [name, ask] of Object.entries(PAGE_QUERIES)) {
  if (!name.includes(options.only)) continue
  const warm: number[] = []
  let answered = 0
  let cpuBefore = 0
  for (let turn = 0; turn < WARM_ROUNDS + 3; turn++) {
    if (turn === 3) cpuBefore = readUsage(engine.pid).cpuSeconds
    const startedAt = performance.now()
    answered = await ask(client, subjects, turn)
    if (turn >= 3) warm.push(performance.now() - startedAt)
  }
  const cpuMs = ((readUsage(engine.pid).cpuSeconds - cpuBefore) / WARM_ROUNDS) * 1_000
  asked.length = 0
  await ask(client, subjects, 0)
  const read = await readCost(clickhouse, asked.slice())
  const cold: number[] = []
  let isAllCold = true
  for (let turn = 0; turn < COLD_ROUNDS; turn++) {
    isAllCold &&= await dropCaches(clickhouse)
    const startedAt = performance.now()
    await ask(client, subjects, 100 + turn)
    cold.push(performance.now() - startedAt)
  }
  const row = {
    query: name,
    answered,
    'warm p50 ms': round(percentile(warm, 0.5)),
    'warm p95 ms': round(percentile(warm, 0.95)),
    [isAllCold ? 'cold p50 ms' : 'cold engine p50 ms']: round(percentile(cold, 0.5)),
    'engine CPU ms': round(cpuMs),
    'rows read': read.rows,
    'MB read': round(read.bytes / 1e6),
  }
  process.stdout.write(`${JSON.stringify(row)}\n`)
  rows.push(row)
}
console.table(rows)
await clickhouse.close()
await engine.stop()
if (options.data === undefined) rmSync(dataDir, { recursive: true, force: true })
if (options.only === '' && !options.quick) writeResult(stored > 20_000_000 ? 'query-large' : 'query', [{ spans: stored }, ...rows])
process.exit(0)
