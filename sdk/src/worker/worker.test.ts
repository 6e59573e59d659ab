import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()

describe('a worker', () => {
  it('runs what is started in the background', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const agent = cairn.agent({ name: 'a', version: '7', steps: 3 }, (run, n: number) => run.step('double', () => n * 2))
    await cairn.serve([agent], { capacity: 2, handleSignals: false })
    expect(collector.messages[0]).toMatchObject({ type: 'hello', capacity: 2, agents: [{ name: 'a', versions: ['7'], steps: 3 }] })
    const handle = await agent.start(21, { sessionId: 's', tags: ['t'] })
    await expect(handle.result({ timeoutMs: 2_000 })).resolves.toBe(42)
    await expect(handle.poll()).resolves.toMatchObject({ status: 'succeeded', input: 21, output: 42, sessionId: 's', tags: ['t'] })
  })

  it('streams events over lost connections, and ends with the run', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const gate = Promise.withResolvers<void>()
    const agent = cairn.agent({ name: 'a' }, async (run) => {
      await run.step('one', () => 1)
      await gate.promise
      await run.step('two', () => 2)
    })
    await cairn.serve([agent], { handleSignals: false })
    const handle = await agent.start(undefined)
    const seen: string[] = []
    let streams = 0
    collector.intercept = ({ path }) => (path.endsWith('/events') && ++streams === 2 ? 'drop' : undefined)
    for await (const event of handle.events()) {
      seen.push(event.type === 'step' ? event.key : event.type === 'status' ? event.status : event.type)
      if (event.type === 'step' && event.key === 'one') {
        collector.endStreams()
        gate.resolve()
      }
    }
    expect(seen).toEqual(['queued', 'running', 'one', 'two', 'succeeded'])
    expect(streams).toBe(3)
  })

  it('holds no more runs than its capacity', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    let now = 0
    let most = 0
    const agent = cairn.agent({ name: 'a' }, async (run) => {
      most = Math.max(most, ++now)
      await run.step('s', () => new Promise((resolve) => setTimeout(resolve, 5)))
      now--
    })
    await cairn.serve([agent], { capacity: 2, handleSignals: false })
    const handles = await Promise.all(Array.from({ length: 7 }, () => agent.start(undefined)))
    await Promise.all(handles.map((handle) => handle.result({ timeoutMs: 5_000 })))
    expect(most).toBe(2)
  })

  it('finishes the step in flight when it is stopped, and hands the run back', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const gate = Promise.withResolvers<void>()
    const ran: string[] = []
    const agent = cairn.agent({ name: 'a' }, async (run) => {
      await run.step('one', () => gate.promise)
      ran.push('after one')
      await run.step('two', () => ran.push('two'))
    })
    const worker = await cairn.serve([agent], { handleSignals: false })
    await agent.start(undefined)
    await until(() => worker.heldRuns === 1)
    const stopped = worker.stop()
    gate.resolve()
    await stopped
    expect(ran).toEqual(['after one'])
    expect([...collector.firstRun.steps.keys()]).toEqual(['one'])
    expect(collector.firstRun.outcome).toBeNull()
    expect(collector.messages.at(-1)).toEqual({ type: 'goodbye' })
  })

  it('aborts steps that don’t finish in time when it is stopped', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const agent = cairn.agent({ name: 'a' }, (run) => run.step('s', () => new Promise(() => {})))
    const worker = await cairn.serve([agent], { handleSignals: false, stopTimeoutMs: 20 })
    await agent.start(undefined)
    await until(() => worker.heldRuns === 1)
    await worker.stop()
    expect([collector.firstRun.outcome, collector.firstRun.steps.size]).toEqual([null, 0])
  })

  it('comes back after its connection dropped, with the runs it holds', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const gate = Promise.withResolvers<void>()
    const agent = cairn.agent({ name: 'a' }, (run) => run.step('s', () => gate.promise))
    const worker = await cairn.serve([agent], { handleSignals: false })
    const handle = await agent.start(undefined)
    await until(() => worker.heldRuns === 1)
    collector.dropConnections()
    await until(() => collector.messages.filter((message) => message.type === 'hello').length === 2)
    expect(collector.messages.findLast((message) => message.type === 'hello')).toMatchObject({
      workerId: worker.id,
      runs: [{ runId: handle.id, execution: 1 }],
    })
    gate.resolve()
    await handle.result({ timeoutMs: 2_000 })
  })

  it('stops its runs and takes a new name when it was taken for dead', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const reasons: unknown[] = []
    const agent = cairn.agent({ name: 'a' }, (run) =>
      run.step(
        's',
        (step) => new Promise((_, reject) => step.signal.addEventListener('abort', () => reject(reasons.push(step.signal.reason.code)))),
      ),
    )
    const worker = await cairn.serve([agent], { handleSignals: false })
    const { id } = worker
    await agent.start(undefined)
    await until(() => worker.heldRuns === 1)
    collector.dropConnections(4409)
    await until(() => worker.id !== id && worker.heldRuns === 0)
    expect(reasons).toEqual(['stale_execution'])
    await until(() => collector.messages.some((message) => message.type === 'hello' && message.workerId === worker.id))
  })

  it('tells a clear error when nobody answers or the key is wrong', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const agent = cairn.agent({ name: 'a' }, () => 1)
    collector.intercept = () => ({ status: 401, body: { error: { code: 'unauthorized', message: 'bad key.' } } })
    await expect(agent.start(undefined)).rejects.toThrow(/CAIRN_API_KEY/)
    await collector.close()
    await expect(agent.start(undefined)).rejects.toThrow(/No Cairn collector answers at http:.*CAIRN_URL/s)
  })

  it('checks the input where it is given and where it is used', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const input = z.object({ question: z.object({ text: z.string() }), limit: z.number().default(3) })
    const agent = cairn.agent({ name: 'a', input }, (_run, { limit }) => limit)
    await expect(agent.start({ question: { text: 5 as never } })).rejects.toThrow(/input\.question\.text/)
    expect(collector.runs.size).toBe(0)
    await expect(agent.run({ question: { text: 'why' } })).resolves.toBe(3)
  })

  it('waits for signals, stores artifacts', async () => {
    const collector = await fake.start()
    const cairn = fake.connect(collector)
    const agent = cairn.agent({ name: 'a' }, async (run) => {
      await run.artifact('notes.md', '# Notes')
      await run.artifact('data.json', { at: new Date(0) })
      const ok = await run.signal<{ ok: boolean }>('approval')
      return [ok, await run.signal('never', { timeout: '10ms' })]
    })
    const running = agent.run(undefined)
    await until(() => collector.requests.some((request) => request.endsWith('/approval/take')))
    collector.signals.set('approval', { ok: true })
    collector.command({ type: 'signal', runId: collector.firstRun.id, name: 'approval', payload: { ok: true } })
    await expect(running).resolves.toEqual([{ ok: true }, undefined])
    expect(collector.artifacts.get('notes.md')).toEqual({ body: Buffer.from('# Notes'), contentType: 'text/markdown; charset=utf-8' })
    expect(collector.artifacts.get('data.json')?.contentType).toBe('application/json')
  })
})
