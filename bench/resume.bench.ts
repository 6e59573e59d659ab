// Question: how long from the start of a process to the first new step of a long run that it takes over? See README.md.
import { fork, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from './src/measure.ts'
import { Meter } from './src/meter.ts'
import { startCairn } from './src/start-cairn.ts'
import { installPeers, peersFolder } from './src/step-system.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const SIZES = options.quick ? [1_000] : [1_000, 10_000]
const REPETITIONS = options.quick ? 1 : 3
const BATCH = 500
const OUTPUT = { title: 'Cairns', url: 'https://example.org/cairns', text: 'A pile of stones that marks a trail. '.repeat(8) }

installPeers()
const running = await startCairn()
const meter = new Meter(running.databaseUrl)

async function call<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(`${running.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** A run that stopped before its last step, queued for the next worker. */
async function makeRun(steps: number): Promise<void> {
  const { id } = await call<{ id: string }>('/api/v1/runs', { agent: 'bench-resume', input: { steps } })
  await call('/api/v1/claims', { workerId: `writer-${id}`, agents: [{ name: 'bench-resume', versions: ['1'] }] })
  for (let from = 0; from < steps; from += BATCH) {
    const checkpoints = Array.from({ length: Math.min(BATCH, steps - from) }, (_, i) => ({
      runId: id,
      execution: 1,
      key: `step/${from + i}`,
      output: OUTPUT,
    }))
    await call('/api/v1/checkpoints', { checkpoints })
  }
  await call(`/api/v1/runs/${id}/outcome`, { execution: 1, status: 'paused' })
  await call(`/api/v1/runs/${id}/resume`, {})
}

interface Took {
  readonly totalMs: number
  readonly rssMb: number
}

/** The worker as its users run it: the built SDK. */
async function takeOver(): Promise<Took> {
  const worker = fork(join(import.meta.dirname, 'src', 'resume-worker.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, CAIRN_URL: running.url, CAIRN_API_KEY: running.apiKey },
  })
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  const took = await new Promise<Took>((resolve) => worker.once('message', (message) => resolve(message as Took)))
  // Time for the outcome, so that the next worker finds nothing of this run.
  await new Promise((resolve) => setTimeout(resolve, 500))
  worker.kill('SIGKILL')
  await exited
  return took
}

/** A peer's process runs all steps but the last and is killed in it; then another goes on. */
function takeOverByPeer(system: string, databaseUrl: string, steps: number): Took {
  const id = randomUUID()
  const run = (phase: 'run' | 'resume') => {
    const args = ['--no-deprecation', join(peersFolder, 'resume-worker.mjs'), system, phase, databaseUrl, id, String(steps)]
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000 })
    return { line: stdout.split('\n').find((line) => line.startsWith('@@')), stderr }
  }
  run('run')
  const { line, stderr } = run('resume')
  if (line === undefined) throw new Error(`${system} did not go on: ${stderr.slice(-500)}`)
  return JSON.parse(line.slice(2)) as Took
}

const all = new Map<string, Took[]>()
for (const steps of SIZES)
  for (let i = 0; i <= REPETITIONS; i++) {
    const took: Record<string, Took> = {}
    await makeRun(steps)
    took.Cairn = await takeOver()
    for (const system of ['DBOS', 'LangGraph']) {
      // DBOS takes up whatever its database has unfinished: a new one each time.
      const databaseUrl = await meter.makeDatabase(`resume_${system.toLowerCase()}`)
      took[system] = takeOverByPeer(system, databaseUrl, steps)
    }
    process.stderr.write(`\r${steps} steps, round ${i} of ${REPETITIONS} `)
    // The first round warms the file cache.
    if (i > 0)
      for (const [system, one] of Object.entries(took)) all.set(`${steps} ${system}`, [...(all.get(`${steps} ${system}`) ?? []), one])
  }
process.stderr.write('\r')
const rows = [...all].map(([name, took]) => {
  const [steps, system] = name.split(' ')
  return {
    steps: Number(steps),
    system,
    firstNewStepMs: Math.round(median(took.map((t) => t.totalMs))),
    rssMb: Math.round(median(took.map((t) => t.rssMb))),
  }
})
console.table(rows)
await meter.stop()
await running.stop()
writeResult('resume', rows)
