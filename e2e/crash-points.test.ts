import { setTimeout as delay } from 'node:timers/promises'
import { Cairn, type RunStreamEvent } from '@cairn/sdk'
import type { Run } from '@cairn/sdk/protocol'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { Ledger } from './chaos/ledger.ts'
import { ITEMS, ROUNDS, STEPS } from './chaos/work.ts'
import { World } from './chaos/world.ts'
import { callApi } from './src/api.ts'
import { type Fault, FaultProxy, type Passing } from './src/fault-proxy.ts'
import { waitFor } from './src/wait-for.ts'
import { forkWorker, type WorkerProcess } from './src/worker.ts'

// Real processes and stores. The ledger is the outside world; the proxy stands between one worker and the collector.
let world: World
let ledger: Ledger
let ledgerUrl: string
type Listener = (step: string) => void | Promise<void>
let onBegan: Listener = () => {}
let onAcked: Listener = () => {}
beforeAll(async () => {
  ledger = new Ledger(
    ({ step }) => onBegan(step),
    ({ step }) => onAcked(step),
  )
  ledgerUrl = await ledger.start()
  world = await World.start({ workers: 0, ledgerUrl })
})
afterAll(async () => {
  await world?.stop()
  ledger?.stop()
})

const workers: WorkerProcess[] = []
const proxies: FaultProxy[] = []
afterEach(async () => {
  onBegan = onAcked = () => {}
  for (const worker of workers.splice(0)) await worker.kill()
  for (const proxy of proxies.splice(0)) proxy.stop()
  ledger.violations.length = 0
})

async function serve(url = world.url): Promise<WorkerProcess> {
  const env = { LEDGER_URL: ledgerUrl, CAIRN_JOURNAL_DIR: world.journalDir }
  const worker = await forkWorker({ url, key: world.key }, 'e2e/chaos/worker.ts', env)
  workers.push(worker)
  return worker
}

/** A worker whose messages all pass a proxy. */
async function serveThroughProxy(): Promise<{ worker: WorkerProcess; proxy: FaultProxy }> {
  const proxy = new FaultProxy(world.url)
  proxies.push(proxy)
  return { worker: await serve(await proxy.start()), proxy }
}

const start = () => callApi<Run>(world, 'POST', '/api/v1/runs', { agent: 'chaos', input: { ms: 10 } })
const getRun = (id: string) => callApi<Run>(world, 'GET', `/api/v1/runs/${id}`).catch(() => undefined)

/** Loses one message, and says so once it is lost. */
function loseOnce(proxy: FaultProxy, which: (message: Passing) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let done = false
  const fault: Fault = (message) => {
    if (done || !which(message)) return 'pass'
    done = true
    resolve()
    return 'lose'
  }
  proxy.fault = fault
  return promise
}

const once = (set: (listener: Listener) => void, step: string): Promise<void> =>
  new Promise((resolve) =>
    set((seen) => {
      if (seen === step) resolve()
    }),
  )

/** The process that comes to a moment of a step stays there, however slow the test is, until it is released. */
function holdAt(set: (listener: Listener) => void, step: string): { reached: Promise<void>; release: () => void } {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  set((seen) => {
    if (seen !== step) return
    reached.resolve()
    return released.promise
  })
  return { reached: reached.promise, release: released.resolve }
}

/** It has succeeded; each step has one checkpoint and one outcome; only what a crash interrupted has begun twice. */
async function expectSound({ id, traceId }: Run, executions: number, interrupted: readonly string[] = []): Promise<void> {
  await waitFor('the end', async () => (await getRun(id))?.status === 'succeeded', { timeoutMs: 60_000 })
  const run = await getRun(id)
  const seen = ledger.valuesOf(id)
  const keys = Array.from({ length: ROUNDS }, (_, round) => [`${round}/plan`, ...ITEMS.map((item) => `${round}/${item}`)]).flat()
  expect(run).toMatchObject({ traceId, execution: executions, steps: { done: STEPS } })
  expect(run?.output).toEqual(keys.map((key) => seen.get(key)?.value))
  expect(ledger.violations).toEqual([])
  const twice = keys.filter((key) => (seen.get(key)?.began.length ?? 0) > 1)
  expect(twice.filter((key) => !interrupted.includes(key))).toEqual([])
  expect(keys.every((key) => (seen.get(key)?.began.length ?? 0) <= executions)).toBe(true)
}

const isCheckpoint =
  (direction: Passing['direction'], key: string) =>
  ({ path, text, ...message }: Passing): boolean =>
    path === '/api/v1/checkpoints' && message.direction === direction && text.includes(`"${key}"`)

it('killed before a step’s body', async () => {
  const worker = await serve()
  const { reached, release } = holdAt((listener) => (onAcked = listener), '1/plan')
  const run = await start()
  await reached
  await worker.kill()
  release()
  await serve()
  await expectSound(run, 2)
})

it('killed after a step’s body and before its checkpoint is out', async () => {
  const { worker, proxy } = await serveThroughProxy()
  const lost = loseOnce(proxy, isCheckpoint('up', '1/plan'))
  const run = await start()
  await lost
  await Promise.all([worker.kill(), serve()])
  await expectSound(run, 2, ['1/plan'])
})

it('killed after the commit and before the answer: the step does not run again', async () => {
  const { worker, proxy } = await serveThroughProxy()
  const lost = loseOnce(proxy, isCheckpoint('down', '1/plan'))
  const run = await start()
  await lost
  await Promise.all([worker.kill(), serve()])
  await expectSound(run, 2)
})

it('the network cut with a lost answer: the same execution goes on', async () => {
  const { proxy } = await serveThroughProxy()
  const lost = loseOnce(proxy, isCheckpoint('down', '1/plan'))
  const run = await start()
  await lost
  await expectSound(run, 1)
})

it('killed in a heartbeat', async () => {
  const { worker, proxy } = await serveThroughProxy()
  const run = await start()
  await once((listener) => (onAcked = listener), '0/plan')
  await loseOnce(proxy, ({ path, direction, text }) => path === '/api/v1/worker' && direction === 'up' && text.includes('heartbeat'))
  await Promise.all([worker.kill(), serve()])
  await waitFor('the end', async () => (await getRun(run.id))?.status === 'succeeded', { timeoutMs: 60_000 })
  expect((await getRun(run.id))?.execution).toBeLessThanOrEqual(2)
  expect(ledger.violations).toEqual([])
})

it('killed during a claim: the run that nobody has heard of is taken over', async () => {
  const { worker, proxy } = await serveThroughProxy()
  const lost = loseOnce(
    proxy,
    ({ path, direction, text }) => path === '/api/v1/claims' && direction === 'down' && text.includes('"execution":1'),
  )
  const run = await start()
  await lost
  await Promise.all([worker.kill(), serve()])
  await expectSound(run, 2)
})

it('the collector killed in the middle of a batch', async () => {
  const { proxy } = await serveThroughProxy()
  const seen = new Promise<void>((resolve) => {
    proxy.fault = (message) => {
      if (isCheckpoint('up', '2/item-1')(message)) resolve()
      return 'pass'
    }
  })
  const run = await start()
  await seen
  world.collector.kill('SIGKILL')
  await expectSound(run, 1)
})

it('its events go on without a gap or a repetition after the collector was killed', async () => {
  await serve()
  const run = await start()
  const cairn = new Cairn({ url: world.url, apiKey: world.key, telemetry: false, journalDir: world.journalDir })
  const events: RunStreamEvent[] = []
  for await (const event of cairn.handle(run.id).events()) {
    events.push(event)
    if (event.type === 'step' && event.key === '1/plan') world.collector.kill('SIGKILL')
  }
  const ids = events.map((event) => event.id)
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  const finished = events.flatMap((event) => (event.type === 'step' && event.status === 'succeeded' ? [event.key] : []))
  expect(finished.sort()).toEqual([...ledger.valuesOf(run.id).keys()].sort())
  expect(events.at(-1)).toMatchObject({ type: 'status', status: 'succeeded' })
  // As a client that knows nothing of the SDK asks for the rest.
  const last = String(ids[10])
  const stream = await fetch(`${world.url}/api/v1/runs/${run.id}/events`, {
    headers: { authorization: `Bearer ${world.key}`, 'last-event-id': last },
    signal: AbortSignal.timeout(3_000),
  })
  let text = ''
  try {
    for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString()
  } catch {
    // It stays open for what may come.
  }
  expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual(ids.slice(11))
  await cairn.close()
})

it('Postgres killed under a running run', async () => {
  await serve()
  const began = once((listener) => (onBegan = listener), '2/plan')
  const run = await start()
  await began
  world.killPostgres()
  await expectSound(run, 1)
})

it.each([
  { where: 'in a step', moment: () => holdAt((listener) => (onBegan = listener), '1/plan'), interrupted: ['1/plan'] },
  { where: 'between two steps', moment: () => holdAt((listener) => (onAcked = listener), '1/plan'), interrupted: [] },
])('stopped past its lease $where and woken: the zombie has no effect any more, and no say', async ({ moment, interrupted }) => {
  const { worker, proxy } = await serveThroughProxy()
  const { reached, release } = moment()
  const run = await start()
  await reached
  process.kill(worker.pid, 'SIGSTOP')
  release()
  await serve()
  await expectSound(run, 2, interrupted)
  const before = proxy.seen.length
  process.kill(worker.pid, 'SIGCONT')
  await waitFor('the zombie to hear of it', async () =>
    proxy.seen.slice(before).some(({ direction, text }) => direction === 'down' && text.includes('stale_execution')),
  )
  await expectSound(run, 2, interrupted)
})

it('stopped past its lease while its collector is away for it: woken, it goes on with nothing', async () => {
  const { worker, proxy } = await serveThroughProxy()
  const reached = once((listener) => (onAcked = listener), '1/plan')
  const run = await start()
  await reached
  proxy.stop()
  // Until it knows that nobody is there, and goes on by its journal.
  await delay(500)
  process.kill(worker.pid, 'SIGSTOP')
  await serve()
  const underway = ['1/item-0', '1/item-1', '1/item-2', '1/item-3']
  await expectSound(run, 2, underway)
  await delay(9_000)
  process.kill(worker.pid, 'SIGCONT')
  await delay(3_000)
  await expectSound(run, 2, underway)
})

it('two workers race for each run: one gets it', async () => {
  await Promise.all([serve(), serve()])
  const runs = await Promise.all(Array.from({ length: 12 }, start))
  for (const run of runs) await expectSound(run, 1)
})
