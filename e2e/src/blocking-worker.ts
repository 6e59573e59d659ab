import { execSync } from 'node:child_process'
import { Cairn } from '@cairn/sdk'

/** A worker whose step blocks the main thread for longer than the lease, as a build or a test suite run by `execSync` does. */
const cairn = new Cairn()
const blocking = cairn.agent({ name: 'blocking', version: '1' }, async (run, seconds: number) => {
  await run.step('before', () => 1)
  await run.step('block', () => execSync(`sleep ${seconds}`).length)
  return run.step('after', () => `blocked for ${seconds} s`)
})
await cairn.serve([blocking])
process.send?.({ type: 'ready' })
