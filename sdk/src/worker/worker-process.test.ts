import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import type { FakeCollector } from '../testing/fake-collector.ts'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function startWorker(collector: FakeCollector): Promise<ChildProcess> {
  const script = new URL('../testing/worker-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--conditions=@cairn/source', script, collector.url], { stdio: 'inherit' })
  children.push(child)
  await until(() => collector.messages.some((message) => message.type === 'hello'), 20_000)
  return child
}

describe('a worker process', () => {
  it('ends cleanly on SIGTERM: finishes its step, hands the run back, says goodbye', async () => {
    const collector = await fake.start()
    const child = await startWorker(collector)
    const agent = fake.connect(collector).agent({ name: 'a' }, (_run, waitMs: number) => waitMs)
    await agent.start(200)
    await until(() => collector.firstRun.status === 'running')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect([...collector.firstRun.steps.keys()]).toEqual(['one'])
    expect(collector.firstRun.outcome).toBeNull()
    expect(collector.messages.at(-1)).toEqual({ type: 'goodbye' })
  })

  it('that is killed has told which spans were open', async () => {
    const collector = await fake.start()
    const child = await startWorker(collector)
    const agent = fake.connect(collector).agent({ name: 'a' }, (_run, waitMs: number) => waitMs)
    await agent.start(60_000)
    const opened = () => collector.messages.flatMap((message) => (message.type === 'spans' ? message.opened : []))
    await until(() => opened().length === 2)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(opened().map((span) => [span.name, span.root, span.traceId, span.attributes['cairn.step.key']])).toEqual([
      ['invoke_agent a', true, collector.firstRun.traceId, undefined],
      ['one', false, collector.firstRun.traceId, 'one'],
    ])
  })
})
