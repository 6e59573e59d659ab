import { type System, startSystem } from './system.ts'
import { waitFor } from './wait-for.ts'

/** A system with its sample runs: all of them are made, and the one that died at step 12 is there. */
export async function startWithSample(): Promise<System> {
  const system = await startSystem({ sample: true })
  try {
    await waitFor('the sample runs', async () => system.output().includes('Cairn runs (started'), { timeoutMs: 180_000, everyMs: 200 })
    return system
  } catch (error) {
    await system.stop()
    throw error
  }
}
