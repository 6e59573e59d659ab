import { describe, expect, it } from 'vitest'
import { RunStoppedError } from '../errors.ts'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()
const hang = (signal: AbortSignal) => new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('an execution that may not go on', () => {
  it('stops at a refused checkpoint, and reports nothing', async () => {
    const collector = await fake.start()
    const after: string[] = []
    const agent = fake.connect(collector).agent({ name: 'a' }, async (run) => {
      collector.firstRun.execution = 2
      await run.step('one', () => 1).catch(() => after.push('caught'))
      await run.step('two', () => after.push('two'))
    })
    await expect(agent.run(undefined)).rejects.toMatchObject({ code: 'stale_execution' })
    expect(after).toEqual(['caught'])
    expect(collector.firstRun.outcome).toBeNull()
  })

  it('stops at once when told over its socket, aborting what is in flight', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) => run.step('one', (step) => hang(step.signal)))
    const running = agent.run(undefined)
    await until(() => collector.runs.size === 1 && collector.messages.length > 0)
    collector.command({ type: 'stale', runId: collector.firstRun.id, execution: 1 })
    await expect(running).rejects.toBeInstanceOf(RunStoppedError)
    expect([collector.firstRun.outcome, collector.firstRun.steps.size]).toEqual([null, 0])
  })

  it.each(['pause', 'cancel'] as const)('obeys a %s that comes with a checkpoint’s answer', async (control) => {
    const collector = await fake.start()
    const ran: string[] = []
    const agent = fake.connect(collector).agent({ name: 'a' }, async (run) => {
      collector.firstRun.control = control
      await run.step('one', () => ran.push('one'))
      await run.step('two', () => ran.push('two'))
    })
    await expect(agent.run(undefined)).rejects.toMatchObject({ code: `run_${control === 'pause' ? 'paused' : 'cancelled'}` })
    expect(ran).toEqual(['one'])
    expect(collector.firstRun.status).toBe(control === 'pause' ? 'paused' : 'cancelled')
  })

  it('stops even if its code ignores the abort', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, () => new Promise(() => {}))
    const running = agent.run(undefined)
    await until(() => collector.runs.size === 1)
    collector.command({ type: 'cancel', runId: collector.firstRun.id, execution: 1 })
    await expect(running).rejects.toMatchObject({ code: 'run_cancelled' })
    expect(collector.firstRun.status).toBe('cancelled')
  })

  it('takes a lost acknowledgement for what it is', async () => {
    const collector = await fake.start()
    let lost = 0
    collector.intercept = ({ path }) => (path === '/api/v1/checkpoints' && lost++ === 0 ? 'answer-lost' : undefined)
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) => run.step('one', () => 1))
    await expect(agent.run(undefined)).resolves.toBe(1)
    expect(collector.batches.length).toBe(2)
  })

  it('waits for a collector that is away for a moment', async () => {
    const collector = await fake.start()
    let refused = 0
    collector.intercept = ({ path }) =>
      path === '/api/v1/checkpoints' && refused++ < 3
        ? { status: 503, body: { error: { code: 'unavailable', message: 'later' } } }
        : undefined
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) => run.step('one', () => 1))
    await expect(agent.run(undefined)).resolves.toBe(1)
  })

  it('that may not bridge outages stops when the collector stays away past the limit', async () => {
    const collector = await fake.start()
    collector.intercept = ({ path }) => (path === '/api/v1/checkpoints' ? 'drop' : undefined)
    const agent = fake
      .connect(collector, { checkpointTimeoutMs: 100, outage: 'stop' })
      .agent({ name: 'a' }, (run) => run.step('one', () => 1))
    await expect(agent.run(undefined)).rejects.toMatchObject({ code: 'lease_lost' })
    expect(collector.firstRun.outcome).toBeNull()
  })
})

describe('steps', () => {
  it('are tried again by their policy, with a key that stays', async () => {
    const collector = await fake.start()
    const keys = new Set<string>()
    const attempts: number[] = []
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) =>
      run.step('s', { retry: { attempts: 3, backoff: 1 } }, (step) => {
        keys.add(step.idempotencyKey)
        attempts.push(step.attempt)
        if (step.attempt < 3) throw new Error('again')
        return run.idempotencyKey('other')
      }),
    )
    await agent.run(undefined)
    expect([attempts, keys.size]).toEqual([[1, 2, 3], 1])
    expect(collector.firstRun.steps.get('s')).toMatchObject({ status: 'succeeded', attempt: 3 })
  })

  it('are not tried again for errors that the policy leaves out', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) =>
      run.step('s', { retry: { attempts: 5, retryOn: (error) => !(error instanceof TypeError) } }, () => {
        throw new TypeError('for good')
      }),
    )
    await expect(agent.run(undefined)).rejects.toThrow('for good')
    expect(collector.firstRun.steps.get('s')).toMatchObject({ status: 'failed', attempt: 1 })
  })

  it('end at their timeout', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) => run.step('s', { timeout: '20ms' }, (step) => hang(step.signal)))
    await expect(agent.run(undefined)).rejects.toMatchObject({ code: 'step_timeout' })
  })

  it('that finish together share a request, and one that is refused fails alone', async () => {
    const collector = await fake.start()
    collector.intercept = ({ path, body }) =>
      path === '/api/v1/checkpoints' && JSON.stringify(body).includes('"bad"')
        ? { status: 400, body: { error: { code: 'invalid_request', message: 'no' } } }
        : undefined
    const agent = fake
      .connect(collector)
      .agent({ name: 'a' }, (run) => Promise.allSettled(['good', 'bad', 'fine'].map((name) => run.step(name, () => name))))
    const results = await agent.run(undefined)
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(collector.requests.filter((request) => request.endsWith('/checkpoints')).length).toBe(4)
  })

  it('take one request each at most, and one for many that finish together', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, async (run) => {
      for (let i = 0; i < 5; i++) await run.step('one', () => i)
      await Promise.all(Array.from({ length: 500 }, (_, i) => run.step('many', { key: `many/${i}` }, () => i)))
    })
    await agent.run(undefined)
    expect(collector.batches.slice(0, 5).map((batch) => batch.checkpoints.length)).toEqual([1, 1, 1, 1, 1])
    expect(collector.batches.length).toBeLessThanOrEqual(8)
    expect(collector.firstRun.steps.size).toBe(505)
  })
})
