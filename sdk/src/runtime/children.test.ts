import { describe, expect, it } from 'vitest'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()

describe('child runs', () => {
  it('run in the same trace, and their output is a checkpoint of the parent', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const writer = cairn.agent({ name: 'writer' }, (run, topic: string) => run.step('draft', () => `about ${topic}`))
    const parent = cairn.agent({ name: 'parent' }, (run) => run.call(writer, 'stones'))
    await expect(parent.run(undefined)).resolves.toBe('about stones')
    const [first, child] = [...collector.runs.values()]
    expect(child).toMatchObject({ agent: 'writer', status: 'succeeded', traceId: first?.traceId })
    expect(first?.steps.get('writer')).toMatchObject({ kind: 'agent', output: 'about stones', childRunId: child?.id })
  })

  it('are taken over where they were when the parent is resumed', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const ran: string[] = []
    let failing = true
    const writer = cairn.agent({ name: 'writer' }, async (run) => {
      await run.step('outline', () => void ran.push('outline'))
      return run.step('draft', () => {
        ran.push('draft')
        if (failing) throw new Error('model is down')
        return 'text'
      })
    })
    const parent = cairn.agent({ name: 'parent' }, (run) => run.call(writer, undefined))
    await expect(parent.run(undefined)).rejects.toThrow('model is down')
    const [first, child] = [...collector.runs.values()]
    expect(first?.outcome).toMatchObject({ failedStep: 'writer' })
    failing = false
    await cairn.serve([parent], { handleSignals: false })
    collector.requeue(first?.id ?? '')
    await until(() => first?.status === 'succeeded')
    expect(ran).toEqual(['outline', 'draft', 'draft'])
    expect([child?.execution, child?.status, collector.runs.size]).toEqual([2, 'succeeded', 2])
  })

  it('stop with their parent', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const child = cairn.agent({ name: 'child' }, (run) =>
      run.step('wait', (step) => new Promise((_, reject) => step.signal.addEventListener('abort', reject))),
    )
    const parent = cairn.agent({ name: 'parent' }, (run) => run.call(child, undefined))
    const running = parent.run(undefined)
    await until(() => collector.runs.size === 2)
    collector.command({ type: 'cancel', runId: collector.firstRun.id, execution: 1 })
    await expect(running).rejects.toMatchObject({ code: 'run_cancelled' })
    expect([...collector.runs.values()].map((run) => run.status)).toEqual(['cancelled', 'cancelled'])
  })
})
