import { describe, expect, it } from 'vitest'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()
const RELEASE = { handleSignals: false, releaseAfterMs: 50 } as const

describe('a run that only waits', () => {
  it('is let go, and goes on after its sleep where it was, in whatever process', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const ran: string[] = []
    const sleeper = cairn.agent({ name: 'sleeper' }, async (run) => {
      await run.step('before', () => void ran.push('before'))
      await run.sleep('600ms')
      await run.step('after', () => void ran.push('after'))
      return run.execution
    })
    const worker = await cairn.serve([sleeper], RELEASE)
    const { id } = await sleeper.start(undefined)
    await until(() => collector.run(id).status === 'waiting')
    await until(() => worker.heldRuns === 0)
    expect(ran).toEqual(['before'])
    const { outcome } = collector.run(id)
    const { wakeAt } = outcome ?? {}
    expect(outcome).toMatchObject({ status: 'waiting', execution: 1 })
    await new Promise((resolve) => setTimeout(resolve, Date.parse(wakeAt ?? '') - Date.now()))
    collector.requeue(id)
    await until(() => collector.run(id).status === 'succeeded')
    expect([ran, collector.run(id).outcome?.output]).toEqual([['before', 'after'], 2])
  })

  it('is let go while it waits for a signal, whose timeout counts from the first time', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const asker = cairn.agent({ name: 'asker' }, (run) => run.signal('approval', { timeout: '2d' }))
    await cairn.serve([asker], RELEASE)
    const { id } = await asker.start(undefined)
    await until(() => collector.run(id).status === 'waiting')
    const wait = collector.run(id).steps.get('signal/approval')
    expect(wait).toMatchObject({ kind: 'signal', status: 'started', name: 'signal/approval' })
    const due = Date.parse(wait?.startedAt ?? '') + 2 * 86_400_000
    expect(Date.parse(collector.run(id).outcome?.wakeAt ?? '')).toBe(due)
    collector.requeue(id)
    await until(() => collector.run(id).execution === 2 && collector.run(id).status === 'waiting')
    expect(Date.parse(collector.run(id).outcome?.wakeAt ?? '')).toBe(due)
    collector.signals.set('approval', { ok: true })
    collector.requeue(id)
    await until(() => collector.run(id).status === 'succeeded')
    expect(collector.run(id).outcome?.output).toEqual({ ok: true })
    expect(collector.run(id).steps.get('signal/approval')).toMatchObject({ status: 'succeeded', startedAt: wait?.startedAt })
  })

  it('is let go with its child, and both go on', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const child = cairn.agent({ name: 'child' }, (run) => run.signal<string>('word'))
    const parent = cairn.agent({ name: 'parent' }, (run) => run.call(child, undefined))
    await cairn.serve([parent], RELEASE)
    const { id } = await parent.start(undefined)
    await until(() => [...collector.runs.values()].filter((run) => run.status === 'waiting').length === 2)
    collector.signals.set('word', 'go')
    collector.requeue(id)
    await until(() => collector.run(id).status === 'succeeded')
    expect(collector.run(id).outcome?.output).toBe('go')
    expect([...collector.runs.values()].map((run) => [run.agent, run.status, run.execution])).toEqual([
      ['parent', 'succeeded', 2],
      ['child', 'succeeded', 2],
    ])
  })

  it('keeps its process while anything of it works, sleeps shortly, or runs in the caller’s process', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const busy = cairn.agent({ name: 'busy' }, async (run) => {
      const [, done] = await Promise.all([
        run.sleep('300ms'),
        run.step('long', () => new Promise<string>((resolve) => setTimeout(() => resolve('done'), 300))),
      ])
      await run.sleep('60ms')
      return done
    })
    await cairn.serve([busy], RELEASE)
    const { id } = await busy.start(undefined)
    await until(() => collector.run(id).status === 'succeeded')
    expect(collector.run(id).execution).toBe(1)
    const local = cairn.agent({ name: 'local' }, (run) => run.sleep('200ms').then(() => run.execution))
    expect(await local.run(undefined)).toBe(1)
  })
})
