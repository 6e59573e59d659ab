import { describe, expect, it } from 'vitest'
import type { Cairn } from '../cairn.ts'
import type { FakeCollector } from '../testing/fake-collector.ts'
import { until, useFake } from '../testing/start-fake.ts'
import type { Run } from './run.ts'

const fake = useFake()

/** Runs a function once, then again as the next execution of the same run. Gives what the second threw, if it did. */
async function runTwice(collector: FakeCollector, cairn: Cairn, fn: (run: Run) => unknown): Promise<unknown> {
  const ends: unknown[] = []
  const agent = cairn.agent({ name: 'a' }, async (run) => {
    try {
      await fn(run)
      ends.push(undefined)
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
  return ends[1]
}

describe('the end of the replay', () => {
  it('comes with an outer step, whose inner ones are not called again', async () => {
    const collector = await fake.start()
    await runTwice(collector, fake.connect(collector), async (run) => {
      await run.step('outer', async () => {
        await run.step('inner', () => 1)
        run.state.found = 3
      })
      if (run.execution === 1) throw new Error('stop')
      await run.emit('progress', 'after')
      run.state.done = true
    })
    expect(collector.emitted.map((item) => item.data)).toEqual(['after'])
    expect(collector.firstRun.state).toEqual({ found: 3, done: true })
  })

  it('comes with the first new step, where the code has lost a step since', async () => {
    const collector = await fake.start()
    await runTwice(collector, fake.connect(collector), async (run) => {
      await run.step('kept', () => 1)
      if (run.execution === 1) {
        await run.step('removed', () => 2)
        throw new Error('stop')
      }
      await run.step('new', () => 3)
      await run.emit('progress', 'after new')
    })
    expect(collector.emitted.map((item) => item.data)).toEqual(['after new'])
  })

  it('leaves the state as it was, where the code does nothing new', async () => {
    const collector = await fake.start()
    await runTwice(collector, fake.connect(collector), async (run) => {
      run.state.topic = 'stones'
      await run.step('kept', () => 1)
      if (run.execution > 1) return
      await run.step('removed', () => (run.state.found = 3))
      throw new Error('stop')
    })
    expect(collector.firstRun.state).toMatchObject({ topic: 'stones' })
  })
})

describe('the state in a replay', () => {
  it('has what the steps that came back have changed', async () => {
    const collector = await fake.start()
    const seen: unknown[] = []
    const error = await runTwice(collector, fake.connect(collector), async (run) => {
      await run.step('search', () => {
        run.state.hits = ['a', 'b']
      })
      seen.push((run.state.hits as string[]).length)
      run.state.read = 0
      await run.step('read', () => {
        run.state.read = 2
      })
      seen.push(run.state.read)
      await run.step('last', () => 1)
      if (run.execution === 1) throw new Error('stop')
    })
    expect(error).toBeUndefined()
    expect(seen).toEqual([2, 2, 2, 2])
    expect(collector.firstRun.state).toEqual({ hits: ['a', 'b'], read: 2 })
  })
})
