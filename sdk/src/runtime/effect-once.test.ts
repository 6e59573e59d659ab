import { describe, expect, it } from 'vitest'
import type { StepOptions } from '../runtime/step-options.ts'
import type { FakeCollector } from '../testing/fake-collector.ts'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()

interface Interrupted {
  readonly collector: FakeCollector
  /** Idempotency keys under which the effect took place. */
  readonly paid: string[]
  /** What the second execution came to. */
  readonly end: unknown
}

/** Loses the first execution of a run while its step `pay` is in flight, and runs the next one. */
async function interrupt(options: StepOptions, decide: (collector: FakeCollector) => void = () => {}): Promise<Interrupted> {
  const collector = await fake.start()
  const cairn = fake.connect(collector)
  const paid: string[] = []
  const ends: unknown[] = []
  const agent = cairn.agent({ name: 'a' }, async (run) => {
    try {
      const value = await run.step('pay', { effect: 'once', ...options }, (step) => {
        paid.push(step.idempotencyKey)
        return run.execution === 1 ? new Promise<string>(() => {}) : 'paid'
      })
      ends.push(value)
      return value
    } catch (error) {
      ends.push(error)
      throw error
    }
  })
  const lost = agent.run(undefined).catch(() => {})
  await until(() => paid.length === 1)
  expect(collector.firstRun.steps.get('pay')).toMatchObject({ status: 'started', onInterrupted: options.onInterrupted ?? 'ask' })
  collector.command({ type: 'stale', runId: collector.firstRun.id, execution: 1 })
  await lost
  decide(collector)
  const worker = await cairn.serve([agent], { handleSignals: false })
  collector.requeue(collector.firstRun.id)
  await until(() => ends.length === 2 && collector.firstRun.status !== 'running')
  await worker.stop()
  return { collector, paid, end: ends[1] }
}

describe('a step of effect once', () => {
  it('is stored as started before its body runs, and is one step when it is done', async () => {
    const collector = await fake.start()
    const seen: unknown[] = []
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) =>
      run.step('pay', { effect: 'once' }, () => {
        seen.push(collector.firstRun.steps.get('pay')?.status)
        return 'paid'
      }),
    )
    await expect(agent.run(undefined)).resolves.toBe('paid')
    expect(seen).toEqual(['started'])
    expect([...collector.firstRun.steps.values()].map((step) => [step.key, step.status])).toEqual([['pay', 'succeeded']])
  })

  it('does not begin where its start can not be stored', async () => {
    const collector = await fake.start()
    const paid: string[] = []
    const agent = fake.connect(collector).agent({ name: 'a' }, async (run) => {
      collector.firstRun.execution = 2
      await run.step('pay', { effect: 'once' }, () => paid.push('paid'))
    })
    await expect(agent.run(undefined)).rejects.toMatchObject({ code: 'stale_execution' })
    expect(paid).toEqual([])
  })

  it('needs its checkpoint', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) => run.step('pay', { effect: 'once', durable: false }, () => 1))
    await expect(agent.run(undefined)).rejects.toThrow('durable: false')
  })

  it.each(['ask', 'fail'] as const)('does not run again by itself after a crash (%s), and stays unknown', async (onInterrupted) => {
    const { collector, paid, end } = await interrupt({ onInterrupted })
    expect(end).toMatchObject({ name: 'UnknownEffectError', code: 'unknown_effect' })
    expect(paid).toHaveLength(1)
    expect(collector.firstRun.steps.get('pay')?.status).toBe('started')
    expect(collector.firstRun.outcome).toMatchObject({ status: 'failed', failedStep: 'pay' })
  })

  it('runs again where its author says so, under the same idempotency key', async () => {
    const { paid, end } = await interrupt({ onInterrupted: 'rerun' })
    expect(end).toBe('paid')
    expect(paid).toHaveLength(2)
    expect(new Set(paid).size).toBe(1)
  })

  it('runs again where a person says so', async () => {
    const { paid, end } = await interrupt({}, (collector) => collector.firstRun.steps.delete('pay'))
    expect(end).toBe('paid')
    expect(paid).toHaveLength(2)
  })

  it('is skipped where a person gives its output', async () => {
    const { paid, end } = await interrupt({}, (collector) => {
      const started = collector.firstRun.steps.get('pay')
      if (started) collector.firstRun.steps.set('pay', { ...started, status: 'succeeded', output: 'by hand' })
    })
    expect(end).toBe('by hand')
    expect(paid).toHaveLength(1)
  })
})
