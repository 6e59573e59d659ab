import { Cairn } from '../cairn.ts'

// A worker in a process of its own, for tests that signal or kill it. Its one step ends when its input says so.
const cairn = new Cairn({ url: process.argv[2] ?? '', telemetry: true })
const agent = cairn.agent({ name: 'a' }, async (run, waitMs: number) => {
  await run.step('one', () => new Promise((resolve) => setTimeout(resolve, waitMs)))
  await run.step('two', () => 2)
})
await cairn.serve([agent])
