import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { Cairn } from '../cairn.ts'
import { until, useFake } from '../testing/start-fake.ts'

const fake = useFake()
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-test-outage-'))
  folders.push(folder)
  return folder
}
const connect: typeof fake.connect = (collector, options) => fake.connect(collector, { journalAfterMs: 200, ...options })
const filesIn = (folder: string) => readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.jsonl'))

describe('a run whose collector goes away', () => {
  it('goes on, and the collector has all of it in order once it is back', async () => {
    const collector = await fake.start()
    const journalDir = newFolder()
    const agent = connect(collector, { journalDir }).agent({ name: 'a' }, async (run) => {
      await run.step('one', () => 1)
      await collector.goAway()
      for (const name of ['two', 'three']) await run.step(name, () => name)
      expect(filesIn(journalDir).length).toBe(1)
      run.state.seen = true
      await run.step('four', () => 4)
      await collector.comeBack()
      return 'done'
    })
    expect(await agent.run(undefined)).toBe('done')
    const run = collector.firstRun
    await until(() => run.status === 'succeeded')
    expect([...run.steps.keys()]).toEqual(['one', 'two', 'three', 'four'])
    expect([run.execution, run.outcome?.output, run.state]).toEqual([1, 'done', { seen: true }])
  })

  it('stops when the collector says, late, that it is another worker’s now', async () => {
    const collector = await fake.start()
    const after: string[] = []
    const agent = connect(collector).agent({ name: 'a' }, async (run) => {
      await collector.goAway()
      await run.step('one', () => 1)
      collector.firstRun.execution = 2
      await collector.comeBack()
      await new Promise((_, reject) => run.abortSignal.addEventListener('abort', () => reject(run.abortSignal.reason)))
      after.push('never')
    })
    await expect(agent.run(undefined)).rejects.toMatchObject({ code: 'stale_execution' })
    expect([after, collector.firstRun.steps.size]).toEqual([[], 0])
  })

  it('does not begin a step that must not happen twice until it is back', async () => {
    const collector = await fake.start()
    const paid: boolean[] = []
    let back = false
    const agent = connect(collector).agent({ name: 'a' }, async (run) => {
      await collector.goAway()
      await run.step('one', () => 1)
      setTimeout(() => {
        back = true
        void collector.comeBack()
      }, 1_500)
      await run.step('pay', { effect: 'once' }, () => void paid.push(back))
    })
    await agent.run(undefined)
    expect(paid).toEqual([true])
    expect([...collector.firstRun.steps.keys()]).toEqual(['one', 'pay'])
  })
})

describe('a process without any collector', () => {
  it('runs its agents, with one warning, and the next process tells the collector: the run, its steps, its end', async () => {
    const journalDir = newFolder()
    const collector = await fake.start()
    await collector.goAway()
    const script = join(journalDir, 'alone.mjs')
    const sdk = join(import.meta.dirname, '..', 'index.ts')
    writeFileSync(
      script,
      `import { Cairn } from ${JSON.stringify(sdk)}
       const cairn = new Cairn({ url: ${JSON.stringify(collector.url)}, journalDir: ${JSON.stringify(journalDir)} })
       const child = cairn.agent({ name: 'child' }, (run, n) => run.step('double', () => n * 2))
       const agent = cairn.agent({ name: 'alone' }, async (run, n) => (await run.step('one', () => n + 1)) + (await run.call(child, n)))
       console.log(await agent.run(20), await agent.run(1))`,
    )
    const args = ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning', script]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args)
    expect(stdout.trim()).toBe('61 4')
    expect(stderr.match(/No Cairn collector answers/g)?.length).toBe(1)

    await collector.comeBack()
    const next = fake.connect(collector, { journalDir, telemetry: true })
    await next.serve([next.agent({ name: 'other' }, () => 1)], { handleSignals: false })
    const runs = [...collector.runs.values()]
    expect(runs.map((run) => [run.agent, run.status, run.outcome?.output])).toEqual([
      ['alone', 'succeeded', 61],
      ['child', 'succeeded', 40],
      ['alone', 'succeeded', 4],
      ['child', 'succeeded', 2],
    ])
    expect([...(runs[0]?.steps.keys() ?? [])]).toEqual(['one', 'child'])
    expect(runs[1]?.traceId).toBe(runs[0]?.traceId)
    await until(() => collector.spans.some((span) => span.traceId === runs[0]?.traceId))
    await until(() => filesIn(journalDir).length === 0)
  })

  it('says where its journal can’t be written', async () => {
    const collector = await fake.start()
    await collector.goAway()
    const file = join(newFolder(), 'file')
    writeFileSync(file, '')
    const cairn = new Cairn({ url: collector.url, journalDir: file, telemetry: false })
    const agent = cairn.agent({ name: 'a' }, () => 1)
    await expect(agent.run(undefined)).rejects.toMatchObject({
      code: 'journal_failed',
      message: expect.stringContaining('CAIRN_JOURNAL_DIR'),
    })
    await cairn.close()
  })
})
