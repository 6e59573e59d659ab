import type { Run, Step } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Ledger } from './chaos/ledger.ts'
import { STEPS } from './chaos/work.ts'
import { World } from './chaos/world.ts'
import { callApi } from './src/api.ts'
import { waitFor } from './src/wait-for.ts'

let world: World
let ledger: Ledger
beforeAll(async () => {
  ledger = new Ledger(() => {})
  world = await World.start({ workers: 1, ledgerUrl: await ledger.start(), workerEnv: { CHAOS_JOURNAL_AFTER_MS: '6000' } })
})
afterAll(async () => {
  await world?.stop()
  ledger?.stop()
})

const start = (ms: number) => callApi<Run>(world, 'POST', '/api/v1/runs', { agent: 'chaos', input: { ms } })
const getRun = (id: string) => callApi<Run>(world, 'GET', `/api/v1/runs/${id}`)
/** The ledger is never away. */
const acked = (id: string) => [...ledger.valuesOf(id).values()].filter((step) => step.value !== undefined).length

it('goes on while its collector is away for longer than the lease, and nothing of it is lost or done twice', async () => {
  const { id, traceId } = await start(600)
  await waitFor('some steps', async () => acked(id) >= 3)
  world.collector.goAway()
  const before = acked(id)
  // The lease is 10 s; the journal takes what is finished after 6 s here.
  await new Promise((resolve) => setTimeout(resolve, 12_000))
  expect(acked(id)).toBeGreaterThan(before + 5)
  world.collector.comeBack()
  await waitFor('the end', async () => (await getRun(id)).status === 'succeeded', { timeoutMs: 60_000 })
  const run = await getRun(id)
  expect(run).toMatchObject({ execution: 1, traceId, steps: { done: STEPS } })
  expect(ledger.violations).toEqual([])
  expect([...ledger.valuesOf(id).values()].map((step) => step.began)).toEqual(Array.from({ length: STEPS }, () => [1]))
  const { items } = await callApi<{ items: Step[] }>(world, 'GET', `/api/v1/runs/${id}/steps`)
  expect(items.every((step) => step.execution === 1 && step.status === 'succeeded')).toBe(true)
})

it('whose worker dies over it is taken over: what its journal has counts, once another process sends it', async () => {
  const { id } = await start(500)
  await waitFor('some steps', async () => acked(id) >= 3)
  world.collector.goAway()
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  const [worker] = world.workers
  worker?.kill('SIGKILL')
  // The one that takes its place sends the journal before it asks for work.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  world.collector.comeBack()
  await waitFor('the end', async () => (await getRun(id)).status === 'succeeded', { timeoutMs: 60_000 })
  const run = await getRun(id)
  expect([run.execution, run.steps.done]).toEqual([2, STEPS])
  expect(ledger.violations).toEqual([])
})
