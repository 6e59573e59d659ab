import { Cairn } from '@cairn/sdk'

/** A worker of an agent of the test's own name. HANGS: its second step never ends, so that it can be killed in it. */
const cairn = new Cairn()
// By itself the next worker would go on with what the last one left, before the test asks for it.
const agent = cairn.agent({ name: process.env.AGENT ?? '', version: '1', recovery: { mode: 'manual' } }, async (run) => {
  await run.step('prepare', () => 'ready')
  await run.step('cross', () => (process.env.HANGS === undefined ? 'there' : new Promise(() => setInterval(() => {}, 1_000))))
  return run.step('arrive', () => 'done')
})
await cairn.serve([agent])
process.send?.({ type: 'ready' })
