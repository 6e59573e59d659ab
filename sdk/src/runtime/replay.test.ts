import { describe, expect, it } from 'vitest'
import type { Cairn } from '../cairn.ts'
import { NonDeterminismError } from '../errors.ts'
import type { FakeCollector } from '../testing/fake-collector.ts'
import { until, useFake } from '../testing/start-fake.ts'
import type { Run } from './run.ts'

const fake = useFake()

/** Runs a function once, then again as the next execution of the same run. Gives what each returned or threw. */
async function runTwice(collector: FakeCollector, cairn: Cairn, fn: (run: Run) => unknown): Promise<unknown[]> {
  const ends: unknown[] = []
  const agent = cairn.agent({ name: 'a' }, async (run) => {
    try {
      const value = await fn(run)
      ends.push(value)
      return value
    } catch (error) {
      ends.push(error)
      throw error
    }
  })
  await agent.run(undefined).catch(() => {})
  const worker = await cairn.serve([agent], { handleSignals: false })
  collector.requeue(collector.firstRun.id)
  await until(() => ends.length === 2 && collector.firstRun.status !== 'running')
  await worker.stop()
  return ends
}

describe('replay', () => {
  it('gives back finished steps and runs failed ones again', async () => {
    const collector = await fake.start()
    const ran: string[] = []
    const ends = await runTwice(collector, fake.connect(collector), async (run) => {
      const date = await run.step('one', () => {
        ran.push('one')
        return new Date(5)
      })
      const map = await run.step('two', () => {
        ran.push('two')
        if (run.execution === 1) throw new RangeError('not yet')
        return new Map([[1, undefined]])
      })
      return { date, map, execution: run.execution }
    })
    expect(ran).toEqual(['one', 'two', 'two'])
    expect(ends[0]).toMatchObject({ name: 'RangeError', message: 'not yet' })
    expect(ends[1]).toEqual({ date: new Date(5), map: new Map([[1, undefined]]), execution: 2 })
    expect(collector.batches.flatMap((b) => b.checkpoints).map((c) => [c.key, c.status, c.execution])).toEqual([
      ['one', 'succeeded', 1],
      ['two', 'failed', 1],
      ['two', 'succeeded', 2],
    ])
    expect(collector.firstRun.outcome).toMatchObject({ status: 'succeeded' })
  })

  it('names the failed step in the outcome', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) =>
      run.scope('sub', () =>
        run.step('bad', () => {
          throw new TypeError('no')
        }),
      ),
    )
    await expect(agent.run(undefined)).rejects.toThrow(TypeError)
    expect(collector.firstRun.outcome).toMatchObject({
      status: 'failed',
      failedStep: 'sub/bad',
      error: { type: 'TypeError', message: 'no' },
    })
  })

  it('matches by key, so that steps may be added, removed and reordered', async () => {
    const collector = await fake.start()
    const ran: string[] = []
    const step = (run: Run, name: string) => run.step(name, () => void ran.push(`${name}@${run.execution}`))
    await runTwice(collector, fake.connect(collector), async (run) => {
      const order = run.execution === 1 ? ['a', 'b', 'c'] : ['c', 'new', 'a']
      for (const name of order) await step(run, name)
      if (run.execution === 1) throw new Error('stop')
    })
    expect(ran).toEqual(['a@1', 'b@1', 'c@1', 'new@2'])
  })

  it('counts repeated names and scopes', async () => {
    const collector = await fake.start()
    await runTwice(collector, fake.connect(collector), async (run) => {
      for (let i = 0; i < 2; i++) await run.step('search', () => i)
      for (let i = 0; i < 2; i++) await run.scope('writer', () => run.step('draft', () => i))
      await run.step('outer', () => run.step('inner', () => 1))
      await Promise.all(['x', 'y'].map((id) => run.step('fetch', { key: `fetch/${id}` }, () => id)))
      if (run.execution === 1) throw new Error('stop')
    })
    expect([...collector.firstRun.steps.keys()]).toEqual([
      'search',
      'search#2',
      'writer/draft',
      'writer#2/draft',
      'outer/inner',
      'outer',
      'fetch/x',
      'fetch/y',
    ])
  })

  it('refuses two steps in flight under one name', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) => Promise.all([run.step('s', () => 1), run.step('s', () => 2)]))
    await expect(agent.run(undefined)).rejects.toThrow(/Give each its own name or key/)
  })

  it('keeps the state of the last finished step, and counts no change twice', async () => {
    const collector = await fake.start()
    const seen: unknown[] = []
    await runTwice(collector, fake.connect(collector), async (run) => {
      run.state.notes = []
      const notes = run.state.notes as string[]
      for (const name of ['a', 'b', 'c']) {
        await run.step(name, () => {
          ;(run.state.notes as string[]).push(`in ${name}`)
        })
        ;(run.state.notes as string[]).push(`after ${name}`)
        if (name === 'b' && run.execution === 1) throw new Error('stop')
      }
      seen.push(notes.length >= 0, run.state.notes)
    })
    expect(seen[1]).toEqual(['in a', 'after a', 'in b', 'after b', 'in c', 'after c'])
    expect(collector.firstRun.state).toEqual({ notes: ['in a', 'after a', 'in b', 'after b', 'in c', 'after c'] })
  })

  it('stores changes of the state as differences', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, async (run) => {
      run.state.list = Array.from({ length: 100 }, (_, i) => i)
      await run.step('one', () => 1)
      ;(run.state.list as number[]).push(100)
      await run.step('two', () => 2)
      await run.step('three', () => 3)
    })
    await agent.run(undefined)
    const patches = collector.batches.flatMap((b) => b.checkpoints).map((c) => c.statePatch)
    expect(patches[1]).toEqual([{ op: 'add', path: '/list/100', value: 100 }])
    expect(patches[2]).toBeUndefined()
  })

  it.each([
    ['warn', ['1']],
    ['reuse', ['1']],
    ['rerun', ['1', '2']],
    ['fail', ['1']],
  ] as const)('with another input and onInputChange %s runs the body for %j', async (onInputChange, expected) => {
    const collector = await fake.start()
    const ran: string[] = []
    const ends = await runTwice(collector, fake.connect(collector), async (run) => {
      await run.step('s', { input: { q: run.execution }, onInputChange }, () => void ran.push(String(run.execution)))
      if (run.execution === 1) throw new Error('stop')
      return 'done'
    })
    expect(ran).toEqual(expected)
    if (onInputChange === 'fail') expect(ends[1]).toBeInstanceOf(NonDeterminismError)
    else expect(ends[1]).toBe('done')
  })

  it('emits items once', async () => {
    const collector = await fake.start()
    await runTwice(collector, fake.connect(collector), async (run) => {
      await run.emit('progress', { at: 1 })
      await run.step('one', () => 1)
      await run.emit('progress', { at: 2n })
      await run.step('two', () => 2)
      if (run.execution === 1) throw new Error('stop')
      await run.emit('progress', { at: 3 })
    })
    expect(collector.emitted.map((item) => item.data)).toEqual([{ at: 1 }, { at: { $cairn: 'bigint', v: '2' } }, { at: 3 }])
  })

  it('sleeps until the stored time only', async () => {
    const collector = await fake.start()
    const stored: unknown[] = []
    await runTwice(collector, fake.connect(collector), async (run) => {
      await run.sleep('20ms')
      stored.push(collector.firstRun.steps.get('sleep')?.output)
      if (run.execution === 1) throw new Error('stop')
    })
    expect(stored[0]).toBe(stored[1])
  })

  it('names the path of a value that can’t be stored', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a' }, (run) => run.step('s', { retry: { attempts: 3 } }, () => ({ a: [() => 1] })))
    await expect(agent.run(undefined)).rejects.toThrow('$.a[0]')
    expect(collector.firstRun.steps.get('s')).toMatchObject({ status: 'failed', attempt: 1 })
  })
})
