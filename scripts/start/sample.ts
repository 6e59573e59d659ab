import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Child, runToEnd } from './child.ts'
import type { StartConfig } from './config.ts'
import { findFreePort } from './ports.ts'
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

/**
 * Serves the sample agents, and on a new data folder makes their runs: good ones, failures, and one killed at step 12 of 15.
 * @returns whether it made them now
 */
export async function startSample(parts: Parts): Promise<boolean> {
  const { root, config, system, stopper, say } = parts
  const { dataDir } = config
  const modelPort = await findFreePort()
  const modelServer = new Child({
    name: 'model-server',
    script: join(root, 'examples/model-server/main.ts'),
    dataDir,
    // A port that stays: restarted after a crash, it is where the worker looks for it.
    env: { MODEL_SERVER_PORT: String(modelPort), MODEL_SERVER_MS_PER_TOKEN: '1.5' },
    onCrash: say,
  })
  stopper.add('model server', () => modelServer.stop())
  await modelServer.start()
  const env = { ...system.sdkEnv, MODEL_URL: `http://127.0.0.1:${modelPort}` }
  const worker = new Child({ name: 'worker', script: join(root, 'examples/worker.ts'), dataDir, env, onCrash: say })
  stopper.add('sample worker', () => worker.stop())
  await worker.start()
  return makeRuns(parts, env)
}

/** Once a data folder. What an interrupted start left out is made by the next. */
async function makeRuns({ root, config, stopper, say, progress }: Parts, env: Readonly<Record<string, string>>): Promise<boolean> {
  const { dataDir } = config
  const marker = join(dataDir, 'sample-made')
  if (existsSync(marker)) return false
  progress('Making sample runs …')
  const seed = runToEnd({ name: 'seed', script: join(root, 'examples/seed.ts'), dataDir, env }, ({ done, of }) =>
    progress(`Making sample runs: ${done} of ${of}`),
  )
  stopper.add('sample runs', seed.stop)
  const seeded = await seed.ended
  if (seeded.code !== 0) say(`Not all sample runs could be made; ${join(dataDir, 'logs/seed.log')} says why.`)

  progress('Making a run that dies at step 12 of 15 …')
  const doomed = runToEnd({
    name: 'doomed-worker',
    script: join(root, 'examples/doomed-worker.ts'),
    dataDir,
    env: { ...env, FACT_CHECK_WAIT_MS: '600000' },
  })
  stopper.add('doomed worker', doomed.stop)
  const died = await doomed.ended
  const isMade = (died.code === 0 || died.signal === 'SIGKILL') && (await waitForCrash(env))
  if (!isMade) say(`The run that was to die did not; ${join(dataDir, 'logs/doomed-worker.log')} says why.`)
  if (seeded.code === 0 && isMade) writeFileSync(marker, `${new Date().toISOString()}\n`)
  return isMade
}

const CRASH_SEEN_WITHIN_MS = 15_000

/** Until the collector has seen the death, so that who opens the page finds the run waiting. */
async function waitForCrash(env: Readonly<Record<string, string>>): Promise<boolean> {
  const until = performance.now() + CRASH_SEEN_WITHIN_MS
  while (performance.now() < until) {
    const answer = await fetch(`${env.CAIRN_URL}/api/v1/runs?tag=crash&status=crashed`, {
      headers: { authorization: `Bearer ${env.CAIRN_API_KEY}` },
    }).catch(() => undefined)
    if (answer?.ok && ((await answer.json()) as { items: unknown[] }).items.length > 0) return true
    await sleep(100)
  }
  return false
}
