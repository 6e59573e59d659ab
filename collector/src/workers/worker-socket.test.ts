import { randomBytes, randomUUID } from 'node:crypto'
import { type OpenSpan, type Trace, type TraceOutline, type WorkerCommand, WorkerInfo, type WorkerMessage } from '@cairn/sdk/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { KEY, OTHER_KEY, type RunCollector, startRunCollector } from '../testing/run-collector.fixture.ts'

let collector: RunCollector
beforeAll(async () => {
  collector = await startRunCollector()
})
afterAll(() => collector?.stop())

/** A worker as far as the collector sees it. */
class Worker {
  readonly id: string
  readonly agent: string
  readonly commands: WorkerCommand[] = []
  readonly socket: WebSocket
  closeCode: number | undefined

  constructor(agent: string, id = `worker-${randomUUID()}`, key = KEY) {
    this.id = id
    this.agent = agent
    this.socket = new WebSocket(`${collector.url.replace('http', 'ws')}/api/v1/worker`, { headers: { authorization: `Bearer ${key}` } })
    this.socket.on('message', (data) => this.commands.push(JSON.parse(data.toString())))
    this.socket.on('close', (code) => (this.closeCode = code))
    this.socket.on('error', () => {})
  }

  send(message: WorkerMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  async hello(): Promise<this> {
    await new Promise((resolve) => this.socket.once('open', resolve))
    const agents = [{ name: this.agent, versions: ['1'], recovery: { mode: 'manual' as const, maxAttempts: 3, backoffMs: 500 } }]
    this.send({ type: 'hello', workerId: this.id as never, agents, capacity: 1, hostname: 'h', pid: 1, sdkVersion: '0', runs: [] })
    await this.heard('welcome')
    return this
  }

  heard(type: WorkerCommand['type']): Promise<WorkerCommand> {
    return vi.waitFor(
      () => {
        const command = this.commands.find((candidate) => candidate.type === type)
        if (command === undefined) throw new Error(`no ${type} among ${JSON.stringify(this.commands)}`)
        return command
      },
      { timeout: 5_000 },
    )
  }

  /** A run of its agent, claimed by it. */
  async takeRun() {
    const { id, traceId } = await collector.create({ agent: this.agent })
    await collector.claim({ agent: this.agent, workerId: this.id })
    return { id, traceId }
  }
}

const newWorker = (id?: string) => new Worker(`agent-${randomUUID()}`, id).hello()
const statusOf = async (id: string) => (await collector.get(id)).status

function openSpan(run: { id: string; traceId: string }, more: Partial<OpenSpan>): OpenSpan {
  return {
    runId: run.id,
    traceId: run.traceId,
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: null,
    execution: 1,
    name: 'span',
    startTime: new Date().toISOString(),
    root: false,
    attributes: {},
    ...more,
  } as OpenSpan
}

describe('a worker that dies', () => {
  it('leaves its run crashed within two seconds, with the step it was in and its spans interrupted', async () => {
    const worker = await newWorker()
    const run = await worker.takeRun()
    const root = openSpan(run, { root: true, name: 'invoke_agent', attributes: { 'cairn.run.id': run.id, 'cairn.kind': 'agent' } })
    const step = openSpan(run, {
      name: 'chat',
      parentSpanId: root.spanId,
      attributes: { 'cairn.run.id': run.id, 'cairn.kind': 'model', 'cairn.step.key': 'think', 'cairn.execution': 1 },
    })
    worker.send({ type: 'spans', opened: [root, step], closed: [] })
    await collector.checkpoint({ runId: run.id as never, execution: 1, key: 'plan', spanId: randomBytes(8).toString('hex') as never })
    await vi.waitFor(async () => {
      const { body } = await collector.ask('GET', `/api/v1/traces/${run.traceId}/summary`)
      expect((body as TraceOutline).open.map((span) => span.name)).toEqual(['invoke_agent', 'chat'])
    })

    const diedAt = performance.now()
    worker.socket.terminate()
    await vi.waitFor(async () => expect(await statusOf(run.id)).toBe('crashed'), { timeout: 5_000, interval: 20 })
    expect(performance.now() - diedAt).toBeLessThan(2_000)

    expect(await collector.get(run.id)).toMatchObject({
      failedStep: 'think',
      error: { type: 'WorkerLost' },
      executions: [{ outcome: 'crashed' }],
    })
    const trace = await vi.waitFor(async () => {
      const { body } = await collector.ask('GET', `/api/v1/traces/${run.traceId}`)
      expect((body as Trace).spans).toHaveLength(3)
      return body as Trace
    })
    expect(trace.spans.map(({ name, interrupted, status }) => [name, interrupted, status]).sort()).toEqual([
      ['chat', true, 'error'],
      ['invoke_agent', true, 'error'],
      // Its span never came: it is written from its checkpoint.
      ['plan', false, 'ok'],
    ])
  })

  it('can not come back under its old name', async () => {
    const worker = await newWorker()
    const run = await worker.takeRun()
    worker.socket.terminate()
    await vi.waitFor(async () => expect(await statusOf(run.id)).toBe('crashed'), { timeout: 5_000 })
    const again = new Worker(worker.agent, worker.id)
    await expect(again.hello()).rejects.toThrow('no welcome')
    expect(again.commands).toMatchObject([{ type: 'error', code: 'stale_execution' }])
    expect(again.closeCode).toBe(4409)
  }, 15_000)
})

describe('a run that recovers by itself', () => {
  async function takeRecoverable(worker: Worker) {
    const { id } = await collector.create({ agent: worker.agent })
    await collector.claim({ agent: worker.agent, workerId: worker.id, recovery: 'auto' })
    return id
  }
  const claimAgain = (worker: Worker) => collector.claim({ agent: worker.agent, workerId: `next-${randomUUID()}`, recovery: 'auto' })

  it('is given to the next worker', async () => {
    const worker = await newWorker()
    const id = await takeRecoverable(worker)
    worker.socket.terminate()
    await vi.waitFor(async () => expect(await claimAgain(worker)).toMatchObject([{ id, execution: 2 }]), { timeout: 5_000 })
  })

  it.each([
    ['dies', (worker: Worker) => worker.socket.terminate()],
    ['stops', (worker: Worker) => worker.send({ type: 'goodbye' })],
  ])('waits for a person where its worker %s in a step that must not happen twice', async (_how, end) => {
    const worker = await newWorker()
    const id = await takeRecoverable(worker)
    await collector.checkpoint({ runId: id, execution: 1, key: 'pay', status: 'started', onInterrupted: 'ask' })
    end(worker)
    await vi.waitFor(async () => expect(await statusOf(id)).toBe('crashed'), { timeout: 5_000 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await claimAgain(worker)).toEqual([])
    expect(await collector.get(id)).toMatchObject({
      failedStep: 'pay',
      error: { message: expect.stringContaining('whether step pay took place') },
    })
    expect((await collector.ask('POST', `/api/v1/runs/${id}/resume`, { overrides: [{ step: 'pay', retry: true }] })).status).toBe(202)
    expect(await claimAgain(worker)).toMatchObject([{ id, execution: 2, steps: [] }])
  })
})

describe('a worker', () => {
  it('whose connection breaks and comes back at once keeps its runs', async () => {
    const worker = await newWorker()
    const run = await worker.takeRun()
    worker.socket.terminate()
    const again = await new Worker(worker.agent, worker.id).hello()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await statusOf(run.id)).toBe('running')
    again.send({ type: 'goodbye' })
  })

  it('that lives but does not hold what it claimed loses that run, and no other', async () => {
    const worker = await newWorker()
    const [kept, lost] = [await worker.takeRun(), await worker.takeRun()]
    const beat = () => worker.send({ type: 'heartbeat', runs: [{ runId: kept.id as never, execution: 1 }] })
    const beats = setInterval(beat, 500)
    await vi.waitFor(async () => expect(await statusOf(lost.id)).toBe('crashed'), { timeout: 20_000, interval: 200 })
    clearInterval(beats)
    expect(await collector.get(lost.id)).toMatchObject({ error: { message: expect.stringContaining('does not hold') } })
    expect(await statusOf(kept.id)).toBe('running')
    worker.send({ type: 'goodbye' })
  }, 30_000)

  it('that says goodbye hands its run back: no crash', async () => {
    const worker = await newWorker()
    const run = await worker.takeRun()
    worker.send({ type: 'goodbye' })
    await vi.waitFor(async () => expect(await statusOf(run.id)).toBe('queued'), { timeout: 5_000 })
    await vi.waitFor(() => expect(worker.closeCode).toBe(1000))
    expect(await collector.claim({ agent: worker.agent, workerId: 'w2' })).toMatchObject([{ id: run.id, execution: 2 }])
  })

  it('is told of work, signals, cancels and pauses at once', async () => {
    const worker = await newWorker()
    const { id } = await collector.create({ agent: worker.agent })
    expect(await worker.heard('run')).toEqual({ type: 'run', agent: worker.agent })
    await collector.claim({ agent: worker.agent, workerId: worker.id })
    await collector.ask('POST', `/api/v1/runs/${id}/signals/go`, { now: true })
    expect(await worker.heard('signal')).toMatchObject({ runId: id, name: 'go', payload: { now: true } })
    await collector.ask('POST', `/api/v1/runs/${id}/pause`)
    expect(await worker.heard('pause')).toMatchObject({ runId: id, execution: 1 })
    await collector.ask('POST', `/api/v1/runs/${id}/cancel`)
    expect(await worker.heard('cancel')).toMatchObject({ runId: id, execution: 1 })
    worker.send({ type: 'goodbye' })
  })

  it('is listed while it lives', async () => {
    const worker = await newWorker()
    const { body } = await collector.ask('GET', '/api/v1/workers')
    for (const item of body.items) expect(() => z.strictObject(WorkerInfo.shape).parse(item)).not.toThrow()
    expect(body.items).toContainEqual(expect.objectContaining({ id: worker.id, hostname: 'h', endedAt: null }))
    expect((await collector.ask('GET', '/api/v1/workers', undefined, { key: OTHER_KEY })).body.items).toEqual([])
    worker.send({ type: 'goodbye' })
  })

  it('of another project hears nothing of this one’s work', async () => {
    const spy = await new Worker(`agent-${randomUUID()}`, undefined, OTHER_KEY).hello()
    await collector.create({ agent: spy.agent })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(spy.commands.map((command) => command.type)).toEqual(['welcome'])
    spy.send({ type: 'goodbye' })
  })

  it('whose main thread is blocked keeps its lease from another thread, until it is gone', async () => {
    const worker = await newWorker()
    const beat = async (key = KEY) =>
      (await collector.ask('POST', `/api/v1/workers/${encodeURIComponent(worker.id)}/heartbeat`, undefined, { key })).body
    expect(await beat()).toEqual({ alive: true })
    expect(await beat(OTHER_KEY)).toEqual({ alive: false })
    worker.send({ type: 'goodbye' })
    await vi.waitFor(async () => expect(await beat()).toEqual({ alive: false }))
  })

  it('without a key gets no connection', async () => {
    const stranger = new WebSocket(`${collector.url.replace('http', 'ws')}/api/v1/worker`)
    const error = await new Promise<Error>((resolve) => stranger.once('error', resolve))
    expect(error.message).toContain('401')
  })

  it('that says what makes no sense is told so and keeps its connection', async () => {
    const worker = await newWorker()
    worker.socket.send('not json')
    expect(await worker.heard('error')).toMatchObject({ code: 'invalid_request', message: 'Messages are JSON text.' })
    worker.socket.send(JSON.stringify({ type: 'dance' }))
    await vi.waitFor(() => expect(worker.commands.filter((command) => command.type === 'error')).toHaveLength(2))
    expect(worker.socket.readyState).toBe(WebSocket.OPEN)
    worker.send({ type: 'goodbye' })
  })
})
