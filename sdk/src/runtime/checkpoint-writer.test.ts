import { describe, expect, it } from 'vitest'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()
const stored = (collector: { batches: { checkpoints: { key: string }[] }[] }) =>
  collector.batches.map((b) => b.checkpoints.map((c) => c.key))

describe('durability', () => {
  it('async: steps don’t wait, the order stays, the run’s end waits', async () => {
    const collector = await fake.start()
    let hold = true
    collector.intercept = ({ path }) =>
      path === '/api/v1/checkpoints' && hold ? { status: 503, body: { error: { code: 'unavailable', message: 'later' } } } : undefined
    const cairn = fake.connect(collector)
    const agent = cairn.agent({ name: 'a', durability: 'async' }, async (run) => {
      for (const name of ['one', 'two', 'three']) await run.step(name, () => name)
      expect(collector.firstRun.steps.size).toBe(0)
      hold = false
      return 'done'
    })
    expect(await agent.run(undefined)).toBe('done')
    expect([...collector.firstRun.steps.keys()]).toEqual(['one', 'two', 'three'])
    expect(collector.requests.at(-1)).toMatch(/outcome$/)
  })

  it('exit: all is stored in one request when the run ends, also when it fails', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a', durability: 'exit' }, async (run) => {
      for (const name of ['one', 'two']) await run.step(name, () => name)
      expect(collector.batches).toEqual([])
      throw new Error('boom')
    })
    await expect(agent.run(undefined)).rejects.toThrow('boom')
    expect(stored(collector)).toEqual([['one', 'two']])
    expect(collector.firstRun.status).toBe('failed')
  })

  it('exit: what was done before a pause is stored', async () => {
    const collector = await fake.start()
    const agent = fake.connect(collector).agent({ name: 'a', durability: 'exit' }, async (run) => {
      await run.step('one', () => 1)
      collector.command({ type: 'pause', runId: collector.firstRun.id, execution: 1 })
      await until(() => run.abortSignal.aborted)
      await run.step('two', () => 2)
    })
    await expect(agent.run(undefined)).rejects.toMatchObject({ code: 'run_paused' })
    expect(stored(collector)).toEqual([['one']])
    expect(collector.firstRun.status).toBe('paused')
  })

  it.each(['async', 'exit'] as const)(
    '%s: a step that must not happen twice is stored before it begins, after those before it',
    async (durability) => {
      const collector = await fake.start()
      const agent = fake.connect(collector).agent({ name: 'a', durability }, async (run) => {
        await run.step('one', () => 1)
        await run.step('pay', { effect: 'once' }, () => void expect(collector.firstRun.steps.get('pay')?.status).toBe('started'))
      })
      await agent.run(undefined)
      expect(stored(collector)).toEqual([['one'], ['pay'], ['pay']])
    },
  )

  it('async: a pause that comes with an answer stops the run at its next step', async () => {
    const collector = await fake.start()
    const ran: string[] = []
    const agent = fake.connect(collector).agent({ name: 'a', durability: 'async' }, async (run) => {
      collector.firstRun.control = 'pause'
      await run.step('one', () => ran.push('one'))
      await until(() => run.abortSignal.aborted)
      await run.step('two', () => ran.push('two'))
    })
    await expect(agent.run(undefined)).rejects.toMatchObject({ code: 'run_paused' })
    expect(ran).toEqual(['one'])
  })

  it('async: an outcome that the collector refuses fails the run', async () => {
    const collector = await fake.start()
    collector.intercept = ({ path }) =>
      path === '/api/v1/checkpoints' ? { status: 400, body: { error: { code: 'invalid_request', message: 'no such thing' } } } : undefined
    const agent = fake.connect(collector).agent({ name: 'a', durability: 'async' }, (run) => run.step('one', () => 1))
    await expect(agent.run(undefined)).rejects.toThrow('no such thing')
    expect(collector.firstRun.status).toBe('failed')
  })

  it('of an unknown kind is refused', async () => {
    const cairn = fake.connect(await fake.start())
    expect(() => cairn.agent({ name: 'a', durability: 'sometimes' as never }, () => 1)).toThrow('durability must be')
  })
})
