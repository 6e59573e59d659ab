import { Cairn } from '@cairn/sdk'
import type { RunPage, Trace } from '@cairn/sdk/protocol'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { World } from './chaos/world.ts'
import { callApi } from './src/api.ts'
import { waitFor } from './src/wait-for.ts'

let world: World
beforeAll(async () => {
  world = await World.start({ workers: 0, ledgerUrl: '' })
})
afterAll(() => world?.stop())

const open: Cairn[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((cairn) => cairn.close()))
})
/** A worker of its own, as far as the collector knows. */
function connect(): Cairn {
  const cairn = new Cairn({ url: world.url, apiKey: world.key })
  open.push(cairn)
  return cairn
}

it('two workers keep one limit for each key, and all runs come to their end', async () => {
  const running = new Map<string, number>()
  let most = 0
  const change = (customer: string, by: number) => {
    running.set(customer, (running.get(customer) ?? 0) + by)
    most = Math.max(most, running.get(customer) ?? 0)
  }
  const workers = [connect(), connect()].map((cairn) => {
    const concurrency = { limit: 2, key: (customer: string) => customer }
    const agent = cairn.agent({ name: 'limited', concurrency }, async (run, customer: string) => {
      change(customer, 1)
      await run.sleep(10)
      change(customer, -1)
      return run.id
    })
    return { cairn, agent }
  })
  const [first] = workers
  if (first === undefined) throw new Error('no worker')
  const handles = await Promise.all(Array.from({ length: 20 }, (_, i) => first.agent.start(i % 2 === 0 ? 'ada' : 'grace')))
  await Promise.all(workers.map(({ cairn, agent }) => cairn.serve([agent], { handleSignals: false })))
  expect(await Promise.all(handles.map((handle) => handle.result()))).toEqual(handles.map((handle) => handle.id))
  expect(most).toBe(2)
})

it('a step waits for its rate limit, and its span says how long', async () => {
  const cairn = connect()
  const rateLimit = { key: 'the other side', limit: 1, period: '200ms' } as const
  const agent = cairn.agent({ name: 'rated' }, async (run) => {
    await run.step('first', { rateLimit }, () => 1)
    await run.step('second', { rateLimit }, () => 2)
    return run.traceId
  })
  const traceId = await agent.run(undefined)
  const { spans } = await waitFor('the spans', async () => {
    const trace = await callApi<Trace>(world, 'GET', `/api/v1/traces/${traceId}`)
    return trace.spans.length >= 3 && trace
  })
  const waited = (name: string) => Number(spans.find((span) => span.name === name)?.attributes['cairn.rate_limit.wait_ms'])
  expect(waited('first')).toBe(0)
  expect(waited('second')).toBeGreaterThan(0)
})

it('a schedule makes its runs again after the collector was killed, none twice', async () => {
  const cairn = connect()
  const agent = cairn.agent({ name: 'ticking' }, (run) => run.metadata.dueAt)
  cairn.schedule('tick', { agent, cron: '* * * * * *', input: undefined })
  await cairn.serve([agent], { handleSignals: false })
  const succeeded = async () => (await callApi<RunPage>(world, 'GET', '/api/v1/runs?tag=schedule:tick&status=succeeded')).items.length
  await waitFor('a run', async () => (await succeeded()) > 0)
  world.collector.kill('SIGKILL')
  const before = await waitFor('the collector again', succeeded)
  await waitFor('more runs', async () => (await succeeded()) > before + 1)
  const { items } = await callApi<RunPage>(world, 'GET', '/api/v1/runs?tag=schedule:tick&status=succeeded')
  const times = await Promise.all(items.map((run) => cairn.handle(run.id).result()))
  expect(new Set(times).size).toBe(times.length)
})
