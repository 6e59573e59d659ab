import { describe, expect, it } from 'vitest'
import { until, useFake } from '../testing/start-fake.ts'
import type { Run } from './run.ts'

// Each pattern of docs/changing-code.md: a run stopped in the code of yesterday goes on in that of today.
const fake = useFake()

interface WentOn {
  /** Steps whose bodies ran, before and after the change. */
  readonly before: string[]
  readonly after: string[]
  readonly status: string
  readonly output: unknown
  readonly error: string | undefined
}

type Code = (run: Run, ran: <T>(name: string, value: T) => () => T) => Promise<unknown>

async function change(yesterday: Code, today: Code): Promise<WentOn> {
  const collector = await fake.start()
  const steps = { before: [] as string[], after: [] as string[] }
  const into = (list: string[]) => (name: string, value: never) => () => {
    list.push(name)
    return value
  }
  const old = fake.connect(collector).agent({ name: 'a', version: '1' }, async (run) => {
    await yesterday(run, into(steps.before) as never)
    throw new Error('the worker died here')
  })
  await old.run(undefined).catch(() => {})
  const cairn = fake.connect(collector)
  const now = cairn.agent({ name: 'a', version: '2' }, (run) => today(run, into(steps.after) as never))
  const worker = await cairn.serve([now], { handleSignals: false })
  const run = collector.firstRun
  collector.requeue(run.id)
  await until(() => run.execution === 2 && run.status !== 'running')
  await worker.stop()
  return { ...steps, status: run.status, output: run.outcome?.output, error: run.outcome?.error?.type }
}

describe('while runs are under way, a change of the code may', () => {
  it('add a step: it runs, those before and after it don’t', async () => {
    const went = await change(
      async (run, ran) => {
        await run.step('plan', ran('plan', 1))
        await run.step('write', ran('write', 2))
      },
      async (run, ran) => {
        const plan = await run.step('plan', ran('plan', 1))
        const check = await run.step('check', ran('check', 10))
        return plan + check + (await run.step('write', ran('write', 2)))
      },
    )
    expect(went).toMatchObject({ after: ['check'], output: 13 })
  })

  it('take a step away: its checkpoint stays, and nobody asks for it', async () => {
    const went = await change(
      async (run, ran) => {
        await run.step('plan', ran('plan', 1))
        await run.step('check', ran('check', 10))
      },
      async (run, ran) => (await run.step('plan', ran('plan', 1))) + (await run.step('write', ran('write', 2))),
    )
    expect(went).toMatchObject({ after: ['write'], output: 3 })
  })

  it('change the order of steps', async () => {
    const went = await change(
      async (run, ran) => {
        await run.step('a', ran('a', 'a'))
        await run.step('b', ran('b', 'b'))
      },
      async (run, ran) => (await run.step('b', ran('b', 'b'))) + (await run.step('a', ran('a', 'a'))),
    )
    expect(went).toMatchObject({ after: [], output: 'ba' })
  })

  it('rename a step by leaving it its key', async () => {
    const went = await change(
      async (run, ran) => void (await run.step('search', ran('search', 1))),
      (run, ran) => run.step('web search', { key: 'search' }, ran('web search', 2)),
    )
    expect(went).toMatchObject({ after: [], output: 1 })
  })

  it('rename a step without: it is a new one, and runs', async () => {
    const went = await change(
      async (run, ran) => void (await run.step('search', ran('search', 1))),
      (run, ran) => run.step('web search', ran('web search', 2)),
    )
    expect(went).toMatchObject({ after: ['web search'], output: 2 })
  })

  it.each([
    ['warn', [], 1, undefined],
    ['reuse', [], 1, undefined],
    ['rerun', ['search'], 2, undefined],
    ['fail', [], undefined, 'NonDeterminismError'],
  ] as const)('give a step another input: %s', async (onInputChange, after, output, error) => {
    const went = await change(
      async (run, ran) => void (await run.step('search', { input: 'cairn' }, ran('search', 1))),
      (run, ran) => run.step('search', { input: 'cairns', onInputChange }, ran('search', 2)),
    )
    expect(went).toMatchObject({ after, ...(output === undefined ? {} : { output }), ...(error === undefined ? {} : { error }) })
  })

  it('change the shape of an output under a new name, and take the old one where it is there', async () => {
    const went = await change(
      async (run, ran) => void (await run.step('user', ran('user', 'Ada Lovelace'))),
      async (run, ran) => {
        const name = await run.step('user', ran('user', 'Ada Lovelace'))
        return run.step('user/2', ran('user/2', { first: name.split(' ')[0] }))
      },
    )
    expect(went).toMatchObject({ after: ['user/2'], output: { first: 'Ada' } })
  })

  it('lengthen, shorten and reorder a list that steps fan out over, where each has the key of its item', async () => {
    const fanOut =
      (items: string[]): Code =>
      async (run, ran) =>
        Promise.all(items.map((item) => run.step('fetch', { key: `fetch/${item}` }, ran(item, item.toUpperCase()))))
    const went = await change(fanOut(['a', 'b', 'c']), fanOut(['d', 'c', 'a']))
    expect(went).toMatchObject({ before: ['a', 'b', 'c'], after: ['d'], output: ['D', 'C', 'A'] })
  })

  it('not do so in a loop without keys: the second turn is the second turn, whatever it is about', async () => {
    const loop =
      (items: string[]): Code =>
      async (run, ran) => {
        const all: string[] = []
        for (const item of items) all.push(await run.step('fetch', ran(item, item.toUpperCase())))
        return all
      }
    const went = await change(loop(['a', 'b']), loop(['x', 'a', 'b']))
    expect(went).toMatchObject({ after: ['b'], output: ['A', 'B', 'B'] })
  })

  it('put a scope around steps by leaving the old ones their place', async () => {
    const went = await change(
      async (run, ran) => void (await run.step('search', ran('search', 1))),
      async (run, ran) => {
        const old = await run.step('search', ran('search', 1))
        return run.scope('deep', async () => old + (await run.step('search', ran('deep search', 10))))
      },
    )
    expect(went).toMatchObject({ after: ['deep search'], output: 11 })
  })
})
