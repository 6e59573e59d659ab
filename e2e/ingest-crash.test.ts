import { execFileSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { World } from './chaos/world.ts'
import { waitFor } from './src/wait-for.ts'

/** `INGEST_KILLS=50` for a campaign. */
const KILLS = Number(process.env.INGEST_KILLS ?? 6)
const LANES = 6
const SPANS_A_REQUEST = 25

/** The collector's log lies on a disk of its own, small enough to be filled: that needs root, and Linux. */
const DISK = 'size=192m'
const collectorDir = mkdtempSync(join(tmpdir(), 'cairn-ingest-'))
const isMounted = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', DISK, 'tmpfs', collectorDir], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

async function unmount(): Promise<true> {
  execFileSync('umount', [collectorDir], { stdio: 'ignore' })
  return true
}

let world: World
beforeAll(async () => {
  world = await World.start({ workers: 0, ledgerUrl: '', collectorDir })
})
afterAll(async () => {
  await world?.stop()
  // What the killed collector had open is closed a moment later.
  if (isMounted) await waitFor('the disk', unmount)
  rmSync(collectorDir, { recursive: true, force: true })
})

/** Calls of one run: a thousand tokens each. */
function makeRequest(runId: string): string {
  const traceId = randomBytes(16).toString('hex')
  const at = BigInt(Date.now()) * 1_000_000n
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.usage.input_tokens': 1_000,
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: randomUUID() }] }]),
    'cairn.run.id': runId,
  }
  const spans = Array.from({ length: SPANS_A_REQUEST }, () => ({
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: 'chat',
    startTimeUnixNano: String(at - 1_000_000n),
    endTimeUnixNano: String(at),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
    })),
  }))
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
}

let refused = 0

/** Sends as an exporter does: what got no answer, or 503, is sent again, the same bytes. Gives how many spans were acknowledged. */
async function sendUntil(isOver: () => boolean, runId: string): Promise<number> {
  let acknowledged = 0
  while (!isOver()) {
    const body = makeRequest(runId)
    for (;;) {
      const status = await fetch(`${world.url}/v1/traces`, {
        method: 'POST',
        headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
        body,
      }).then(
        async (answer) => {
          await answer.arrayBuffer()
          return answer.status
        },
        () => 0,
      )
      if (status === 200) break
      expect([0, 429, 503]).toContain(status)
      if (status === 503) refused += 1
      await delay(20)
    }
    acknowledged += SPANS_A_REQUEST
    await delay(Math.random() * 20)
  }
  return acknowledged
}

interface Counts {
  readonly rows: number
  readonly spans: number
  readonly tokens: number
  readonly inSums: number
}

/** Of the tables as they are, without what a merge would put right, and of the sums that are fed by inserts. */
async function countOf(runId: string): Promise<Counts> {
  const address = new URL(world.clickhouseUrl)
  const query = `SELECT (SELECT count() FROM spans WHERE run_id = '${runId}') AS rows, (SELECT uniqExact(trace_id, span_id) FROM spans WHERE run_id = '${runId}') AS spans,
    (SELECT sum(usage_total) FROM run_usage WHERE run_id = '${runId}') AS tokens,
    (SELECT sum(spans) FROM hourly_stats WHERE grain = 'model') - (SELECT count() FROM spans WHERE run_id != '${runId}') AS inSums FORMAT JSONEachRow`
  const answer = await fetch(`${address.origin}/?database=cairn`, {
    method: 'POST',
    body: query,
    headers: { authorization: `Basic ${Buffer.from(`${address.username}:${address.password}`).toString('base64')}` },
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  const row = JSON.parse(text) as Record<keyof Counts, string>
  return { rows: Number(row.rows), spans: Number(row.spans), tokens: Number(row.tokens), inSums: Number(row.inSums) }
}

/** Every span that was acknowledged, once in the tables and once in each sum. */
async function expectOnce(runId: string, acknowledged: number): Promise<void> {
  await waitFor('all spans', async () => (await countOf(runId)).spans >= acknowledged, { timeoutMs: 60_000, everyMs: 200 })
  await delay(1_000)
  expect(await countOf(runId)).toEqual({ rows: acknowledged, spans: acknowledged, tokens: acknowledged * 1_000, inSums: acknowledged })
}

async function sendDuring(trouble: () => Promise<void>): Promise<{ runId: string; acknowledged: number }> {
  const runId = randomUUID()
  let isOver = false
  const lanes = Array.from({ length: LANES }, () => sendUntil(() => isOver, runId))
  await trouble().finally(() => {
    isOver = true
  })
  const acknowledged = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0)
  return { runId, acknowledged }
}

const isUp = async () => (await fetch(`${world.url}/healthz`)).ok

it(`a collector killed ${KILLS} times under load loses no acknowledged span, and has none twice`, {
  timeout: 60_000 + KILLS * 15_000,
}, async () => {
  const { runId, acknowledged } = await sendDuring(async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      await delay(300 + Math.random() * 1_200)
      world.collector.kill('SIGKILL')
      await delay(100)
      await waitFor('the collector', isUp, { timeoutMs: 30_000 })
    }
    await delay(500)
  })
  expect(acknowledged).toBeGreaterThan(KILLS * SPANS_A_REQUEST)
  await expectOnce(runId, acknowledged)
})

it('ClickHouse killed and away under load, the collector killed meanwhile: the same', async () => {
  const { runId, acknowledged } = await sendDuring(async () => {
    for (let round = 0; round < 2; round++) {
      await delay(700)
      await world.killClickHouse()
      await delay(1_500)
      if (round === 1) {
        // It needs ClickHouse to start: it is back when that is.
        world.collector.kill('SIGKILL')
        await delay(500)
      }
      await world.startClickHouse()
      await waitFor('the collector', isUp, { timeoutMs: 60_000 })
    }
    await delay(500)
  })
  await expectOnce(runId, acknowledged)
})

it.skipIf(!isMounted)('a full disk under load: refused, nothing lost, and taken again when there is room', async () => {
  refused = 0
  const { runId, acknowledged } = await sendDuring(async () => {
    await delay(700)
    const { bavail, bsize } = statfsSync(collectorDir)
    const filler = join(collectorDir, 'filler')
    writeFileSync(filler, Buffer.alloc(bavail * bsize - 300_000))
    await waitFor('a refusal', async () => refused > 0)
    // Killed while it is full, it starts again all the same.
    world.collector.kill('SIGKILL')
    await delay(300)
    await waitFor('the collector', isUp, { timeoutMs: 30_000 })
    await delay(700)
    rmSync(filler)
    await delay(1_500)
  })
  await expectOnce(runId, acknowledged)
})

it('a log damaged at its tail keeps what was acknowledged', async () => {
  await world.killClickHouse()
  const before = await sendDuring(() => delay(1_000))
  world.collector.goAway()
  await delay(200)
  const folder = join(collectorDir, 'ingest')
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .at(-1)
  expect(newest).toBeDefined()
  // As a crash of the machine may leave it: the begin of a frame, and blocks of another file.
  appendFileSync(join(folder, newest ?? ''), Buffer.concat([Buffer.from([0, 0, 16, 0]), randomBytes(50_000)]))
  world.collector.comeBack()
  await world.startClickHouse()
  await waitFor('the collector', isUp, { timeoutMs: 60_000 })
  await expectOnce(before.runId, before.acknowledged)
  const after = await sendDuring(() => delay(500))
  await expectOnce(after.runId, after.acknowledged)
})
