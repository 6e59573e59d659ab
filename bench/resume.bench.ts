// Question: how long from the start of a process to the first new step of a long run that it takes over? See README.md.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { startCairn } from './src/start-cairn.ts'
import { writeResult } from './src/write-result.ts'

const SIZES = [1_000, 10_000] as const
const REPETITIONS = 5
const BATCH = 500
const OUTPUT = { title: 'Cairns', url: 'https://example.org/cairns', text: 'A pile of stones that marks a trail. '.repeat(8) }

const running = await startCairn()

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
  readonly importMs: number
  readonly claimMs: number
  readonly replayMs: number
  readonly totalMs: number
  readonly rssMb: number
}

async function takeOver(): Promise<Took> {
  const worker = fork(join(import.meta.dirname, 'src', 'resume-worker.ts'), {
    execArgv: ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning'],
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

const rows = []
for (const steps of SIZES) {
  const all: Took[] = []
  for (let i = 0; i <= REPETITIONS; i++) {
    await makeRun(steps)
    const took = await takeOver()
    // The first warms the file cache.
    if (i > 0) all.push(took)
  }
  all.sort((a, b) => a.totalMs - b.totalMs)
  const median = all[Math.floor(all.length / 2)]
  if (median === undefined) throw new Error('nothing was measured')
  const rounded = Object.fromEntries(
    Object.entries(median)
      .filter(([key]) => key.endsWith('Ms'))
      .map(([key, ms]) => [key, Math.round(ms)]),
  )
  rows.push({ steps, ...rounded, rssMb: median.rssMb })
}
console.table(rows)
await running.stop()
writeResult('resume', rows)
