import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const BULK = '/api/v1/runs/resume'
const failedRuns = async (agent: string, count: number) => {
  const runs = []
  for (let i = 0; i < count; i++) runs.push(await collector.failed({ agent }))
  return runs.map((run) => run.id)
}
const show = async (id: string) => (await collector.ask('GET', `${BULK}/${id}`)).body

describe('a bulk resume', () => {
  it('resumes what matched, so many a second, and shows how far it is', async () => {
    const agent = `bulk-${randomUUID()}`
    const ids = await failedRuns(agent, 5)
    const { status, body } = await collector.ask('POST', BULK, { agent, perSecond: 100, actor: 'ada', reason: 'fixed' })
    expect([status, body.matched]).toEqual([202, 5])
    await expect.poll(() => show(body.id)).toMatchObject({ matched: 5, resumed: 5, skipped: 0, failed: 0, endedAt: expect.any(String) })
    for (const id of ids) expect(await collector.get(id)).toMatchObject({ status: 'queued', statusReason: 'fixed' })
    expect((await show(body.id)).outcomes).toEqual({ succeeded: 0, failed: 0, unfinished: 5 })
    // What became of them: the first fails again, the second gets through.
    const claimed = await collector.claim({ agent, limit: 2 })
    await collector.finish(claimed[0]?.id ?? '', 2, { status: 'failed', error: { type: 'BoomError', message: 'boom' } })
    await collector.finish(claimed[1]?.id ?? '', 2)
    expect((await show(body.id)).outcomes).toEqual({ succeeded: 1, failed: 1, unfinished: 3 })
  })

  it('goes slowly where it is asked to, leaves alone what changed meanwhile, and can be stopped', async () => {
    const agent = `bulk-${randomUUID()}`
    const ids = await failedRuns(agent, 3)
    const { body } = await collector.ask('POST', BULK, { agent, perSecond: 0.01 })
    await expect.poll(async () => (await show(body.id)).resumed).toBe(1)
    const stopped = await collector.ask('DELETE', `${BULK}/${body.id}`)
    expect(stopped.body).toMatchObject({ resumed: 1, endedAt: expect.any(String) })
    expect((await Promise.all(ids.map((id) => collector.get(id)))).map((run) => run.status).sort()).toEqual(['failed', 'failed', 'queued'])

    const { body: second } = await collector.ask('POST', BULK, { agent, perSecond: 4 })
    const left = (await Promise.all(ids.map((id) => collector.get(id)))).filter((run) => run.status === 'failed').map((run) => run.id)
    await Promise.all(left.map((id) => collector.ask('POST', `/api/v1/runs/${id}/resume`, {})))
    await expect.poll(() => show(second.id), { timeout: 5_000 }).toMatchObject({ matched: 2, endedAt: expect.any(String) })
    const { resumed, skipped } = await show(second.id)
    expect(resumed + skipped).toBe(2)
  })

  it('names what it could not resume', async () => {
    const agent = `bulk-${randomUUID()}`
    const { id } = await collector.create({ agent })
    await collector.claim({ agent })
    await collector.checkpoint({ runId: id, execution: 1, key: 'pay', status: 'started', onInterrupted: 'ask' })
    await collector.finish(id, 1, { status: 'paused' })
    const { body } = await collector.ask('POST', BULK, { agent, status: 'paused', perSecond: 100 })
    await expect.poll(() => show(body.id)).toMatchObject({ failed: 1, errors: [{ runId: id, message: expect.stringContaining('pay') }] })
  })

  it('of another project is not there, and one of nothing has ended', async () => {
    const { body } = await collector.ask('POST', BULK, { agent: randomUUID() })
    expect(body.matched).toBe(0)
    expect((await show(body.id)).endedAt).not.toBeNull()
    expect((await collector.ask('GET', `${BULK}/${body.id}`, undefined, { key: OTHER_KEY })).status).toBe(404)
    expect((await collector.ask('DELETE', `${BULK}/${body.id}`, undefined, { key: OTHER_KEY })).status).toBe(404)
  })
})

describe('the state of a run', () => {
  it('is told after each step, and what lies between two', async () => {
    const { id } = await collector.create({ agent: 'state' })
    await collector.claim({ agent: 'state' })
    const set = (key: string, value: number, op = 'add') => ({
      runId: id,
      execution: 1,
      key,
      statePatch: [{ op, path: '/n', value }],
    })
    await collector.checkpoint(set('one', 1), { runId: id, execution: 1, key: 'same' }, set('two', 2, 'replace'))
    await collector.checkpoint(set('three', 3, 'replace'), { runId: id, execution: 1, key: 'open', status: 'started' })
    const at = async (query = '') => (await collector.ask('GET', `/api/v1/runs/${id}/state${query}`)).body
    expect([await at('?step=one'), await at('?step=same'), await at('?step=two'), await at()]).toEqual([
      { step: 'one', state: { n: 1 } },
      { step: 'same', state: { n: 1 } },
      { step: 'two', state: { n: 2 } },
      { step: null, state: { n: 3 } },
    ])
    expect(await at('/diff?from=one&to=three')).toEqual({ from: 'one', to: 'three', patch: [{ op: 'replace', path: '/n', value: 3 }] })
    expect((await at('/diff?to=one')).patch).toEqual([{ op: 'add', path: '/n', value: 1 }])
    expect((await collector.ask('GET', `/api/v1/runs/${id}/state?step=none`)).status).toBe(404)
    expect((await collector.ask('GET', `/api/v1/runs/${id}/state?step=open`)).status).toBe(409)
  })
})
