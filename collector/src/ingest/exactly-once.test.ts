import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { CollectorContext } from '../context.ts'
import { readFrames } from './log/frame.ts'
import { makeSpan } from './map/fixtures/read-fixture.ts'
import type { OtlpSpan } from './otlp/types.ts'
import { Pipeline } from './pipeline.ts'
import { PROJECT_ID, startTestCollector, type TestCollector } from './test-collector.fixture.ts'

// Most open the log and its thread several times.
vi.setConfig({ testTimeout: 90_000 })

let collector: TestCollector
let ctx: CollectorContext
beforeAll(async () => {
  collector = await startTestCollector()
})
afterAll(() => collector?.stop())
beforeEach(() => {
  ctx = { ...collector.ctx, config: { ...collector.ctx.config, dataDir: mkdtempSync(join(tmpdir(), 'cairn-test-once-')) } }
})
afterEach(() => rmSync(ctx.config.dataDir, { recursive: true, force: true }))

async function open(context: CollectorContext): Promise<Pipeline> {
  const pipeline = await Pipeline.open(context)
  pipeline.start()
  return pipeline
}

let serial = 0
/** A run of so many calls, each a million tokens. */
function makeCalls(count: number, runId = crypto.randomUUID()): { runId: string; spans: OtlpSpan[] } {
  const spans = Array.from({ length: count }, () => {
    serial += 1
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.usage.input_tokens': 1_000_000,
      'gen_ai.response.id': `answer-${serial}`,
      'cairn.run.id': runId,
    }
    return makeSpan(attributes, { traceId: serial.toString(16).padStart(32, 'a'), spanId: serial.toString(16).padStart(16, '0') })
  })
  return { runId, spans }
}

const bare = { resource: new Map(), scope: { name: '', version: '', attributes: new Map() }, schemaUrl: '' }
const write = (pipeline: Pipeline, items: OtlpSpan[]) => pipeline.writeSpans(PROJECT_ID, [{ ...bare, items }])

/** What the tables and the sums that are fed by them say of a run. */
async function countOf(runId: string): Promise<{ spans: number; millions: number; stats: number }> {
  const query = `SELECT (SELECT count() FROM spans WHERE run_id = {runId:String}) AS spans,
    (SELECT sum(usage_total) / 1000000 FROM run_usage WHERE run_id = {runId:String}) AS millions,
    (SELECT sum(spans) FROM hourly_stats WHERE grain = 'model') - (SELECT count() FROM spans) AS stats`
  const result = await collector.clickhouse.query({ query, query_params: { runId }, format: 'JSONEachRow' })
  const [row] = await result.json<Record<string, string>>()
  return { spans: Number(row?.spans), millions: Number(row?.millions), stats: Number(row?.stats) }
}
const once = (count: number) => ({ spans: count, millions: count, stats: 0 })

const ledgerPath = (): string => {
  const folder = join(ctx.config.dataDir, 'ingest')
  return join(
    folder,
    readdirSync(folder)
      .filter((name) => name.endsWith('.ledger'))
      .sort()
      .at(-1) ?? '',
  )
}

test('a block whose insert was answered, but not noted, is not there twice', async () => {
  const { runId, spans } = makeCalls(30)
  const first = await open(ctx)
  await write(first, spans.slice(0, 10))
  await first.settled(20_000)
  await write(first, spans.slice(10))
  await first.settled(20_000)
  await first.close()
  // As if it had died between the two: the last note is gone.
  const path = ledgerPath()
  truncateSync(path, readFrames(readFileSync(path)).frames.at(-2)?.end ?? 0)
  const second = await open(ctx)
  await second.settled(20_000)
  expect(await countOf(runId)).toEqual(once(30))
  // Sent again by an exporter that got no answer.
  await write(second, spans)
  await second.settled(20_000)
  await second.close()
  expect(await countOf(runId)).toEqual(once(30))
})

test('spans sent again to a collector that was started again count once', async () => {
  const { runId, spans } = makeCalls(20)
  for (let life = 0; life < 3; life++) {
    const pipeline = await open(ctx)
    await write(pipeline, spans)
    await pipeline.settled(20_000)
    await pipeline.close()
  }
  expect(await countOf(runId)).toEqual(once(20))
})

test('what was accepted while ClickHouse was away, by one process, is written by the next', async () => {
  const { runId, spans } = makeCalls(40)
  const first = await open(ctx)
  await write(first, spans.slice(0, 5))
  await first.settled(20_000)
  await collector.stopClickHouse()
  for (let at = 5; at < spans.length; at += 5) await write(first, spans.slice(at, at + 5))
  await vi.waitFor(() => expect(first.state.isFailing).toBe(true), { timeout: 20_000 })
  await first.close()
  await collector.startClickHouse()
  const second = await open(ctx)
  await second.settled(20_000)
  expect(await countOf(runId)).toEqual(once(40))
  await write(second, spans)
  await second.settled(20_000)
  await second.close()
  expect(await countOf(runId)).toEqual(once(40))
})

test('spans of more months than ClickHouse takes at once come in parts; one request of them is refused', async () => {
  const { runId, spans } = makeCalls(160)
  const dated = spans.map((span, i) => ({ ...span, startNs: span.startNs - BigInt(i) * 2_629_746_000_000_000n, endNs: span.endNs }))
  const pipeline = await open(ctx)
  await expect(write(pipeline, dated)).rejects.toMatchObject({ code: 'malformed', message: expect.stringContaining('months') })
  await Promise.all([0, 40, 80, 120].map((at) => write(pipeline, dated.slice(at, at + 40))))
  await pipeline.settled(20_000)
  await pipeline.close()
  expect(await countOf(runId)).toEqual(once(160))
})

test('a request that came twice counts once, also where its block is taken apart', async () => {
  const { runId, spans } = makeCalls(120)
  const dated = spans.map((span, i) => ({ ...span, startNs: span.startNs - BigInt(i) * 2_629_746_000_000_000n, endNs: span.endNs }))
  const pipeline = await open(ctx)
  await collector.stopClickHouse()
  // Together of more months than one block may have.
  await Promise.all([0, 40, 0, 80, 40].map((at) => write(pipeline, dated.slice(at, at + 40))))
  await collector.startClickHouse()
  await vi.waitFor(async () => expect((await countOf(runId)).spans).toBeGreaterThanOrEqual(120), { timeout: 30_000, interval: 200 })
  await pipeline.settled(20_000)
  await pipeline.close()
  expect(await countOf(runId)).toEqual(once(120))
})

test('a span that nothing can be made of leaves the others of its request be', async () => {
  const { runId, spans } = makeCalls(12)
  const hostile: Record<string, string>[] = [
    { 'gen_ai.operation.name': 'constructor' },
    { 'openinference.span.kind': '__proto__' },
    { 'gen_ai.system': 'constructor', 'gen_ai.provider.name': 'constructor' },
    { 'gen_ai.request.model': 'constructor/x' },
    { 'gen_ai.openai.request.service_tier': 'constructor', 'gen_ai.request.service_tier': 'toString' },
    { 'input.value': '['.repeat(200_000) + ']'.repeat(200_000) },
    { metadata: '{"a":'.repeat(100_000) + 1 + '}'.repeat(100_000) },
    { [`llm.input_messages.0.${'a.'.repeat(50_000)}a`]: 'x' },
  ]
  for (const [i, attributes] of hostile.entries())
    for (const [key, value] of Object.entries(attributes)) spans[i]?.attributes.set(key, value)
  const pipeline = await open(ctx)
  await write(pipeline, spans)
  await pipeline.settled(30_000)
  await pipeline.close()
  expect((await countOf(runId)).spans).toBe(12)
  expect(readdirSync(join(ctx.config.dataDir, 'ingest'))).not.toContain('refused')
})

test('a block that is made while the one before is taken apart is whole', async () => {
  const [first, second] = [makeCalls(120), makeCalls(10)]
  for (const span of second.spans) span.attributes.set('input.value', `What ${span.spanId} was asked`)
  const dated = first.spans.map((span, i) => ({ ...span, startNs: span.startNs - BigInt(i) * 2_629_746_000_000_000n, endNs: span.endNs }))
  const pipeline = await open(ctx)
  await write(pipeline, makeCalls(1).spans)
  await pipeline.settled(20_000)
  await collector.stopClickHouse()
  // Together of more months than one block may have.
  await Promise.all([0, 40, 80].map((at) => write(pipeline, dated.slice(at, at + 40))))
  await vi.waitFor(() => expect(pipeline.state.isFailing).toBe(true), { timeout: 20_000 })
  const locker = await ctx.pool.connect()
  try {
    // A large block is made while another is inserted; this one half, until the prices of the second project can be read.
    await locker.query('BEGIN; LOCK TABLE price_overrides IN ACCESS EXCLUSIVE MODE')
    const [large, ...small] = second.spans.slice(0, 5)
    large?.attributes.set('long', 'word '.repeat(500_000))
    await Promise.all([
      write(
        pipeline,
        [large, ...small].filter((span) => span !== undefined),
      ),
      pipeline.writeSpans('01980000-0000-7000-8000-0000000000ff', [{ ...bare, items: second.spans.slice(5) }]),
    ])
    await collector.startClickHouse()
    // As long as the writer waits between two attempts.
    await new Promise((resolve) => setTimeout(resolve, 6_000))
  } finally {
    await locker.query('ROLLBACK')
    locker.release()
  }
  await vi.waitFor(async () => expect(await countOf(second.runId)).toEqual(once(10)), { timeout: 20_000, interval: 200 })
  expect(await countOf(first.runId)).toEqual(once(120))
  const texts = await collector.clickhouse.query({
    query: `SELECT uniqExact(h) AS named, uniqExactIf(h, h IN (SELECT toString(hash) FROM contents)) AS there
      FROM spans ARRAY JOIN arrayMap(x -> toString(x), input_hashes) AS h WHERE run_id = {runId:String}`,
    query_params: { runId: second.runId },
    format: 'JSONEachRow',
  })
  expect(await texts.json()).toEqual([{ named: '10', there: '10' }])
  await pipeline.close()
})

test.each([
  ['was cut off', 'cairn.interrupted'],
  ['was made from a checkpoint', 'cairn.from_checkpoint'],
])('a span that %s gives way to the real one in the same block, in any order, and counts once', async (_name, attribute) => {
  const { runId, spans } = makeCalls(4)
  const cut = spans.map((span) => ({ ...span, attributes: new Map([...span.attributes, [attribute, true] as const]) }))
  const pipeline = await Pipeline.open(ctx)
  await Promise.all([write(pipeline, cut.slice(0, 2)), write(pipeline, spans), write(pipeline, cut.slice(2))])
  pipeline.start()
  await pipeline.settled(20_000)
  await pipeline.close()
  expect(await countOf(runId)).toEqual(once(4))
})

test('a folder belongs to one collector at a time', async () => {
  const first = await open(ctx)
  await expect(Pipeline.open(ctx)).rejects.toThrow(/is in use by the collector of process/)
  await first.close()
  await (await open(ctx)).close()
})

test('a log that is full sends its senders away until ClickHouse has taken some of it', async () => {
  const small = { ...ctx, config: { ...ctx.config, ingestLogBytes: 100_000 } }
  const pipeline = await open(small)
  await collector.stopClickHouse()
  const { runId, spans } = makeCalls(400)
  let accepted = 0
  const refused = await (async () => {
    for (; accepted < spans.length; accepted++) {
      const span = spans[accepted]
      if (span === undefined) break
      try {
        await write(pipeline, [span])
      } catch (error) {
        return error
      }
    }
    return undefined
  })()
  expect(refused).toMatchObject({ code: 'unavailable', message: expect.stringContaining('has not taken yet') })
  await collector.startClickHouse()
  await vi.waitFor(async () => expect((await countOf(runId)).spans).toBe(accepted), { timeout: 20_000, interval: 200 })
  const rest = spans.slice(accepted, accepted + 50)
  await write(pipeline, rest)
  await pipeline.settled(20_000)
  await pipeline.close()
  expect(await countOf(runId)).toEqual(once(accepted + rest.length))
})
