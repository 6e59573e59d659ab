import { randomUUID } from 'node:crypto'
import type { ClaimAnswer, ClaimedRun, ServedAgent } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const claim = async (agent: Partial<ServedAgent>, more: object = {}): Promise<ClaimedRun[]> => {
  const body = { workerId: 'w1', agents: [{ versions: ['1'], ...agent }], limit: 10, ...more }
  return ((await collector.ask('POST', '/api/v1/claims', body)).body as ClaimAnswer).runs
}

it('a run that a limit holds back is claimed when the one before it ends', async () => {
  const agent = { name: `limited-${randomUUID()}`, concurrency: { limit: 1 } }
  const first = await collector.create({ agent: agent.name })
  const second = await collector.create({ agent: agent.name })
  expect((await claim(agent)).map((run) => run.id)).toEqual([first.id])
  const waiting = claim(agent, { workerId: 'w2', waitMs: 20_000 })
  await collector.finish(first.id, 1)
  expect((await waiting).map((run) => run.id)).toEqual([second.id])
})

it('holds back none over the limit of a key, however many workers claim', async () => {
  const agent = { name: `keyed-${randomUUID()}`, concurrency: { limit: 2 } }
  await Promise.all(Array.from({ length: 12 }, (_, i) => collector.create({ agent: agent.name, concurrencyKey: `user-${i % 3}` })))
  const claims = await Promise.all(Array.from({ length: 15 }, (_, i) => claim(agent, { workerId: `k${i}`, limit: 1 })))
  const rest = await claim(agent, { workerId: 'rest', limit: 20 })
  const keys = await Promise.all([...claims.flat(), ...rest].map(async (run) => (await collector.get(run.id)).concurrencyKey))
  expect(keys.sort()).toEqual(['user-0', 'user-0', 'user-1', 'user-1', 'user-2', 'user-2'])
})

it('a run of higher priority is claimed first; both are shown', async () => {
  const name = `priority-${randomUUID()}`
  await collector.create({ agent: name })
  const high = await collector.create({ agent: name, priority: 5, concurrencyKey: 'k' })
  expect(high).toMatchObject({ priority: 5, concurrencyKey: 'k' })
  expect((await claim({ name }, { limit: 1 })).map((run) => run.id)).toEqual([high.id])
})

it('a fork waits under the key of its origin', async () => {
  const failed = await collector.failed({ priority: 3, concurrencyKey: 'k' })
  const fork = await collector.ask('POST', `/api/v1/runs/${failed.id}/fork`, { fromStep: 'one' })
  expect(fork.body).toMatchObject({ priority: 3, concurrencyKey: 'k' })
})

it.each([
  [{ priority: 1.5 }, 'body.priority'],
  [{ priority: 10_000_000 }, 'body.priority'],
  [{ concurrencyKey: '' }, 'body.concurrencyKey'],
])('refuses %j, naming the field', async (more, field) => {
  const answer = await collector.ask('POST', '/api/v1/runs', { agent: 'a', ...more })
  expect(answer.status).toBe(400)
  expect(answer.body.error.message).toContain(field)
})
