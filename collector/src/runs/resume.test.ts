import { randomUUID } from 'node:crypto'
import { Step } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

const resume = (id: string, body: object = {}) => collector.ask('POST', `/api/v1/runs/${id}/resume`, body)

describe('resume', () => {
  it('gives the run to a worker with the checkpoints it had, in the same trace', async () => {
    const run = await collector.failed({ input: 'i' })
    expect(run).toMatchObject({ status: 'failed', failedStep: 'two', error: { type: 'BoomError' } })
    const answer = await resume(run.id, { actor: 'ada', reason: 'the provider is back' })
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ id: run.id, status: 'queued', error: null, endedAt: null })
    const [claimed] = await collector.claim({ agent: run.agent, workerId: 'w2' })
    expect(claimed).toMatchObject({ id: run.id, traceId: run.traceId, execution: 2, input: 'i' })
    expect(claimed?.steps.map(({ key, status, output }) => ({ key, status, output }))).toEqual([
      { key: 'one', status: 'succeeded', output: { n: 1 } },
    ])
    await collector.finish(run.id, 2)
    expect((await collector.get(run.id)).executions).toMatchObject([
      { number: 1, outcome: 'failed', workerId: 'w1', actor: null },
      { number: 2, outcome: 'succeeded', workerId: 'w2', actor: 'ada', reason: 'the provider is back', replayedSteps: 1 },
    ])
  })

  it('takes what a person changed: outputs, steps to run again, the input, the version', async () => {
    const run = await collector.failed({ input: 'old' })
    const overrides = [
      { step: 'one', retry: true },
      { step: 'two', output: { by: 'hand' } },
    ]
    expect((await resume(run.id, { overrides, input: 'new', version: '1' })).status).toBe(202)
    const [claimed] = await collector.claim({ agent: run.agent })
    expect(claimed).toMatchObject({ input: 'new', version: '1' })
    expect(claimed?.steps).toMatchObject([{ key: 'two', status: 'succeeded', output: { by: 'hand' } }])
    expect((await collector.steps(run.id)).map(({ key, givenByHand }) => [key, givenByHand])).toEqual([['two', true]])
  })

  it('pressed twice at once happens once', async () => {
    const run = await collector.failed()
    const answers = await Promise.all(Array.from({ length: 8 }, () => resume(run.id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(7).fill(409)])
    expect(answers.find(({ status }) => status === 409)?.body.error).toMatchObject({ code: 'not_resumable', details: { status: 'queued' } })
    expect(await collector.claim({ agent: run.agent, limit: 10 })).toHaveLength(1)
  })

  it('leaves the worker of the execution before without a say', async () => {
    const { id } = await collector.create({ agent: 'zombie' })
    await collector.claim({ agent: 'zombie' })
    await collector.finish(id, 1, { status: 'paused' })
    await resume(id)
    await collector.claim({ agent: 'zombie', workerId: 'w2' })
    expect(await collector.checkpoint({ runId: id, execution: 1, key: 'late' })).toMatchObject([{ status: 409 }])
    expect((await collector.finish(id, 1)).status).toBe(409)
    const put = await collector.ask('PUT', `/api/v1/runs/${id}/artifacts/x`, 'late', { headers: { 'x-cairn-execution': '1' } })
    expect(put.status).toBe(409)
    expect(await collector.get(id)).toMatchObject({ status: 'running', execution: 2 })
  })

  it.each(['queued', 'running', 'succeeded'])('of a %s run is refused and says why', async (status) => {
    const agent = `r-${status}`
    const { id } = await collector.create({ agent })
    if (status !== 'queued') await collector.claim({ agent })
    if (status === 'succeeded') await collector.finish(id, 1)
    const { status: code, body } = await resume(id)
    expect(code).toBe(409)
    expect(body.error).toMatchObject({ code: 'not_resumable', message: expect.stringContaining(status) })
    const preview = await collector.ask('GET', `/api/v1/runs/${id}/resume-preview`)
    expect(preview.body).toMatchObject({ resumable: false, reason: expect.stringContaining(status) })
  })

  it('is foreseen by its preview', async () => {
    const run = await collector.failed()
    const { body } = await collector.ask('GET', `/api/v1/runs/${run.id}/resume-preview`)
    expect(body).toMatchObject({
      resumable: true,
      reason: null,
      fromExecution: 1,
      replays: [{ key: 'one' }],
      reruns: [{ key: 'two', status: 'failed' }],
      saves: '0',
    })
  })

  it('of many runs takes those of the filter, over time', async () => {
    const runs = await Promise.all(Array.from({ length: 3 }, () => collector.failed({ tags: ['bulk'] })))
    const other = await collector.failed({ tags: ['other'] })
    const { status, body } = await collector.ask('POST', '/api/v1/runs/resume', { tag: 'bulk', perSecond: 100, actor: 'ada' })
    expect(status).toBe(202)
    expect(body).toMatchObject({ matched: 3 })
    await vi.waitFor(async () => {
      for (const run of runs) expect((await collector.get(run.id)).status).toBe('queued')
    })
    expect((await collector.get(other.id)).status).toBe('failed')
  })
})

describe('a fork', () => {
  it('shares the checkpoints and the state before its step, and leaves its origin alone', async () => {
    const { id, traceId } = await collector.create({ agent: 'origin', input: 1 })
    await collector.claim({ agent: 'origin' })
    const step = (key: string, value: string) => ({
      runId: id,
      execution: 1,
      key,
      output: key,
      statePatch: [{ op: 'add', path: `/${key}`, value }],
    })
    await collector.checkpoint(step('one', 'a'), step('two', 'b'), step('three', 'c'))
    await collector.finish(id, 1)
    const before = await collector.get(id)

    const { status, body: fork } = await collector.ask('POST', `/api/v1/runs/${id}/fork`, { fromStep: 'two', input: 2 })
    expect(status).toBe(201)
    expect(fork).toMatchObject({ status: 'queued', input: 2, forkedFrom: { runId: id, step: 'two' } })
    expect(fork.id).not.toBe(id)
    expect(fork.traceId).not.toBe(traceId)
    const [claimed] = await collector.claim({ agent: 'origin' })
    expect(claimed).toMatchObject({ id: fork.id, execution: 1, input: 2, state: { one: 'a' } })
    expect(claimed?.steps.map(({ key }) => key)).toEqual(['one'])
    for (const shared of await collector.steps(fork.id)) expect(() => Step.parse(shared)).not.toThrow()
    expect(await collector.get(id)).toEqual(before)
  })

  it('begins with the state and outputs that it was given', async () => {
    const run = await collector.failed()
    const overrides = [{ step: 'one', output: 'mine' }]
    const { body: fork } = await collector.ask('POST', `/api/v1/runs/${run.id}/fork`, { fromStep: 'two', state: { x: 1 }, overrides })
    const [claimed] = await collector.claim({ agent: run.agent })
    expect(claimed).toMatchObject({ id: fork.id, state: { x: 1 }, steps: [{ key: 'one', output: 'mine' }] })
    expect(await collector.steps(fork.id)).toMatchObject([{ key: 'one', givenByHand: true }])
    expect((await collector.steps(run.id))[0]?.givenByHand).toBeUndefined()
  })

  it('runs a step again that it was asked to', async () => {
    const run = await collector.failed()
    const overrides = [{ step: 'one', retry: true }]
    await collector.ask('POST', `/api/v1/runs/${run.id}/fork`, { fromStep: 'two', overrides })
    const [claimed] = await collector.claim({ agent: run.agent })
    expect(claimed?.steps).toEqual([])
  })

  it('from a step that the run does not have is refused', async () => {
    const run = await collector.failed()
    const { status, body } = await collector.ask('POST', `/api/v1/runs/${run.id}/fork`, { fromStep: 'nine' })
    expect(status).toBe(400)
    expect(body.error.message).toContain('body.fromStep')
  })
})

it('a run that was asked to cancel is not kept by a pause that comes behind it', async () => {
  await collector.create({ agent: 'twice-asked' })
  const [claimed] = await collector.claim({ agent: 'twice-asked' })
  const path = `/api/v1/runs/${claimed?.id}`
  expect((await collector.ask('POST', `${path}/cancel`)).status).toBe(202)
  expect((await collector.ask('POST', `${path}/pause`)).status).toBe(202)
  const checkpoint = { runId: claimed?.id, execution: 1, key: 'a', kind: 'step', status: 'succeeded', attempt: 1, output: null }
  const { body } = await collector.ask('POST', '/api/v1/checkpoints', { checkpoints: [checkpoint] })
  expect(body.results[0].control).toBe('cancel')
})

describe.each([
  ['cancel', 'cancelled'],
  ['pause', 'paused'],
] as const)('%s', (control, status) => {
  it('of a queued run takes it from the queue', async () => {
    const { id } = await collector.create({ agent: `queued-${control}` })
    expect((await collector.ask('POST', `/api/v1/runs/${id}/${control}`)).status).toBe(202)
    expect((await collector.get(id)).status).toBe(status)
    expect(await collector.claim({ agent: `queued-${control}` })).toEqual([])
  })

  it('of a running run is told with its next checkpoint, and the outcome is the worker’s', async () => {
    const { id } = await collector.create({ agent: `running-${control}` })
    await collector.claim({ agent: `running-${control}` })
    await collector.ask('POST', `/api/v1/runs/${id}/${control}`, { actor: 'ada' })
    expect((await collector.get(id)).status).toBe('running')
    expect(await collector.checkpoint({ runId: id, execution: 1, key: 'k' })).toMatchObject([{ status: 200, control }])
    await collector.finish(id, 1, { status })
    expect((await collector.get(id)).status).toBe(status)
    expect((await resume(id)).status).toBe(202)
  })

  it('of a run that succeeded is refused', async () => {
    const { id } = await collector.create({ agent: `ended-${control}` })
    await collector.claim({ agent: `ended-${control}` })
    await collector.finish(id, 1)
    const { status: code, body } = await collector.ask('POST', `/api/v1/runs/${id}/${control}`)
    expect(code).toBe(409)
    expect(body.error).toMatchObject({ code: 'conflict', details: { status: 'succeeded' } })
  })
})

describe('a step of effect once, cut off', () => {
  /** A run that stopped after it had said that the step begins. */
  async function cutOff(onInterrupted: 'rerun' | 'ask' | 'fail' = 'ask') {
    const agent = `once-${randomUUID()}`
    const { id } = await collector.create({ agent })
    await collector.claim({ agent })
    await collector.checkpoint({ runId: id, execution: 1, key: 'pay', status: 'started', onInterrupted })
    expect((await collector.steps(id)).map((step) => step.status)).toEqual(['started'])
    await collector.finish(id, 1, { status: 'paused' })
    return { id, agent }
  }

  it('is unknown, and the run does not go on before somebody decides', async () => {
    const { id } = await cutOff()
    expect((await collector.steps(id)).map((step) => step.status)).toEqual(['unknown'])
    const preview = await collector.ask('GET', `/api/v1/runs/${id}/resume-preview`)
    expect(preview.body.undecided).toMatchObject([{ key: 'pay' }])
    const { status, body } = await resume(id)
    expect(status).toBe(409)
    expect(body.error).toMatchObject({
      code: 'not_resumable',
      details: { undecided: ['pay'] },
      message: expect.stringContaining('overrides'),
    })
    expect((await collector.get(id)).status).toBe('paused')
  })

  it('runs again, or is skipped with an output, as a person says', async () => {
    const [again, skipped] = [await cutOff(), await cutOff()]
    expect((await resume(again.id, { overrides: [{ step: 'pay', retry: true }] })).status).toBe(202)
    expect((await collector.claim({ agent: again.agent }))[0]?.steps).toEqual([])
    expect((await resume(skipped.id, { overrides: [{ step: 'pay', output: 'by hand' }] })).status).toBe(202)
    expect((await collector.claim({ agent: skipped.agent }))[0]?.steps).toMatchObject([{ status: 'succeeded', output: 'by hand' }])
  })

  it('is told to the worker as unknown where its policy decides', async () => {
    const { id, agent } = await cutOff('rerun')
    expect((await resume(id)).status).toBe(202)
    expect((await collector.claim({ agent }))[0]?.steps).toMatchObject([{ key: 'pay', status: 'unknown', onInterrupted: 'rerun' }])
  })
})
