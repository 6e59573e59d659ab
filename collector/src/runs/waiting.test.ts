import { Cairn } from '@cairn/sdk'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const open: Cairn[] = []
afterEach(async () => {
  for (const cairn of open.splice(0)) await cairn.close()
})
const connect = (): Cairn => {
  const cairn = new Cairn({ url: collector.url, apiKey: KEY, telemetry: false })
  open.push(cairn)
  return cairn
}
const RELEASE = { handleSignals: false, releaseAfterMs: 50 } as const

const until = async (id: string, status: string) => expect.poll(() => collector.get(id).then((run) => run.status)).toBe(status)

/** A run that waits for the signal `word`, by its worker's own calls. */
async function waitingFor(agent: string, more: object = {}) {
  const { id } = await collector.create({ agent })
  await collector.claim({ agent })
  await collector.checkpoint({ runId: id, execution: 1, key: 'signal/word', name: 'signal/word', kind: 'signal', status: 'started' })
  const answer = await collector.finish(id, 1, { status: 'waiting', ...more })
  expect(answer.body).toEqual({ status: 'waiting' })
  return id
}

describe('a waiting run', () => {
  it('shows what it waits for, has no end, and is claimed by nobody until its signal comes', async () => {
    const id = await waitingFor('w-signal')
    const run = await collector.get(id)
    expect(run).toMatchObject({ status: 'waiting', endedAt: null, executions: [{ outcome: 'waiting' }] })
    expect(await collector.steps(id)).toMatchObject([{ key: 'signal/word', kind: 'signal', status: 'started' }])
    expect((await collector.ask('POST', `/api/v1/runs/${id}/signals/other`, 1)).status).toBe(202)
    expect(await collector.claim({ agent: 'w-signal' })).toEqual([])
    expect((await collector.ask('POST', `/api/v1/runs/${id}/signals/word`, 2)).status).toBe(202)
    expect(await collector.claim({ agent: 'w-signal' })).toMatchObject([
      { id, execution: 2, steps: [{ key: 'signal/word', status: 'started', startedAt: expect.stringContaining('T') }] },
    ])
  })

  it('is due at once when its signal came before it was let go', async () => {
    const { id } = await collector.create({ agent: 'w-early' })
    await collector.claim({ agent: 'w-early' })
    await collector.checkpoint({ runId: id, execution: 1, key: 'k', name: 'signal/word', kind: 'signal', status: 'started' })
    await collector.ask('POST', `/api/v1/runs/${id}/signals/word`, 1)
    await collector.finish(id, 1, { status: 'waiting' })
    expect(await collector.claim({ agent: 'w-early' })).toMatchObject([{ id, execution: 2 }])
  })

  it('is due when its time has come, and not before', async () => {
    const later = await waitingFor('w-time', { wakeAt: new Date(Date.now() + 60_000).toISOString() })
    const now = await waitingFor('w-time', { wakeAt: new Date(Date.now() - 1).toISOString() })
    expect((await collector.claim({ agent: 'w-time', limit: 5 })).map((run) => run.id)).toEqual([now])
    expect((await collector.get(later)).status).toBe('waiting')
  })

  it('that was cancelled or paused meanwhile obeys, and its children with it', async () => {
    const { id } = await collector.create({ agent: 'w-parent' })
    await collector.claim({ agent: 'w-parent' })
    const parent = { runId: id, execution: 1, stepKey: 'child' }
    const child = await collector.create({ agent: 'w-child', parent, claim: { workerId: 'w1' as never, version: '1' } })
    await collector.finish(child.id, 1, { status: 'waiting' })
    await collector.finish(id, 1, { status: 'waiting' })
    expect((await collector.ask('POST', `/api/v1/runs/${id}/cancel`, { reason: 'enough' })).status).toBe(202)
    expect([(await collector.get(id)).status, (await collector.get(child.id)).status]).toEqual(['cancelled', 'cancelled'])

    const asked = await collector.create({ agent: 'w-asked' })
    await collector.claim({ agent: 'w-asked' })
    await collector.ask('POST', `/api/v1/runs/${asked.id}/pause`, { reason: 'lunch' })
    await collector.finish(asked.id, 1, { status: 'waiting' })
    expect(await collector.get(asked.id)).toMatchObject({ status: 'paused', statusReason: 'lunch', endedAt: expect.any(String) })
  })

  it('of the SDK needs no worker: another one goes on when its signal comes, and the step before is not repeated', async () => {
    const ran: string[] = []
    const serve = async () => {
      const cairn = connect()
      const agent = cairn.agent({ name: 'w-sdk' }, async (run) => {
        await run.step('before', () => void ran.push('before'))
        const [word] = await Promise.all([run.signal<string>('word', { timeout: '1d' }), run.sleep('5s')])
        return { word, execution: run.execution }
      })
      return { agent, worker: await cairn.serve([agent], { ...RELEASE }) }
    }
    const first = await serve()
    const { id } = await first.agent.start(undefined)
    await until(id, 'waiting')
    expect(first.worker.heldRuns).toBe(0)
    await first.worker.stop()
    await collector.ask('POST', `/api/v1/runs/${id}/signals/word`, '"go"')
    const { agent } = await serve()
    const handle = connect().handle<{ word: string; execution: number }>(id)
    expect(agent.name).toBe('w-sdk')
    expect((await handle.result({ timeoutMs: 20_000 })).word).toBe('go')
    expect(ran).toEqual(['before'])
  })

  it('that is a child wakes its parent, in the same trace', async () => {
    const cairn = connect()
    const child = cairn.agent({ name: 'w-sdk-child' }, (run) => run.signal<string>('word'))
    const parent = cairn.agent({ name: 'w-sdk-parent' }, (run) => run.call(child, undefined))
    await cairn.serve([parent], RELEASE)
    const handle = await parent.start(undefined)
    await until(handle.id, 'waiting')
    const { body } = await collector.ask('GET', `/api/v1/runs?parentRunId=${handle.id}`)
    const [{ id: childId, status }] = body.items
    expect(status).toBe('waiting')
    await collector.ask('POST', `/api/v1/runs/${childId}/signals/word`, '"go"')
    expect(await handle.result({ timeoutMs: 10_000 })).toBe('go')
    expect(await collector.get(childId)).toMatchObject({
      status: 'succeeded',
      execution: 2,
      traceId: (await collector.get(handle.id)).traceId,
    })
  })
})
