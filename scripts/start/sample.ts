import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Child, runToEnd } from './child.ts'
import type { StartConfig } from './config.ts'
import type { Stopper, System } from './system.ts'

interface Parts {
  readonly root: string
  readonly config: StartConfig
  readonly system: System
  readonly stopper: Stopper
  readonly say: (line: string) => void
  /** Text that overwrites itself, where the terminal can do that. */
  readonly progress: (line: string) => void
}

/** Serves the sample agents, and on a new data folder makes their runs: good ones, failures, and one killed at step 12 of 15. */
export async function startSample({ root, config, system, stopper, say, progress }: Parts): Promise<void> {
  const modelServer = new Child({
    name: 'model-server',
    script: join(root, 'examples/model-server/main.ts'),
    dataDir: config.dataDir,
    env: {},
    onCrash: say,
  })
  stopper.add('model server', () => modelServer.stop())
  const { url } = await modelServer.start()
  const env = { ...system.sdkEnv, MODEL_URL: String(url) }
  const worker = new Child({ name: 'worker', script: join(root, 'examples/worker.ts'), dataDir: config.dataDir, env, onCrash: say })
  stopper.add('sample worker', () => worker.stop())
  await worker.start()

  const marker = join(config.dataDir, 'sample-made')
  if (existsSync(marker)) return
  const seeded = await runToEnd({ name: 'seed', script: join(root, 'examples/seed.ts'), dataDir: config.dataDir, env }, ({ done, of }) =>
    progress(`Making sample runs: ${done} of ${of}`),
  )
  if (seeded.code !== 0) say(`Not all sample runs could be made; ${join(config.dataDir, 'logs/seed.log')} says why.`)
  progress('Making a run that dies at step 12 of 15 …')
  const doomed = await runToEnd({ name: 'doomed-worker', script: join(root, 'examples/doomed-worker.ts'), dataDir: config.dataDir, env })
  if (doomed.signal !== 'SIGKILL') say(`The run that was to die did not; ${join(config.dataDir, 'logs/doomed-worker.log')} says why.`)
  writeFileSync(marker, new Date().toISOString())
}
