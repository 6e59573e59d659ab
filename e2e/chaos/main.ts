// Kills workers, the collector and Postgres at random moments under load, and checks from outside what a run promises.
import { parseArgs } from 'node:util'
import type { Run } from '@cairn/sdk/protocol'
import { callApi } from '../src/api.ts'
import { Ledger } from './ledger.ts'
import { ITEMS, ROUNDS, STEPS } from './work.ts'
import { World } from './world.ts'

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    workers: { type: 'string', default: '4' },
    runs: { type: 'string', default: '12' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const kills = Number(options.kills)
/** Of a call to a collector that is being killed again and again, a tenth of a second apart. */
const MOST_TRIES = 1_200
/** Of a run that nobody disturbs any more. */
const FINISH_WITHIN_MS = 180_000

/** Small and repeatable: the same seed gives the same choices, though never the same moments. */
let seed = Number(options.seed)
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Where each run was seen last, and when that process was killed. */
const places = new Map<string, { execution: number; pid: number; killedAt?: number }>()
const resumeMs: number[] = []
const ledger = new Ledger(({ run, execution, pid }) => {
  const before = places.get(run)
  if (before !== undefined && execution <= before.execution) return
  if (before?.killedAt !== undefined) resumeMs.push(performance.now() - before.killedAt)
  places.set(run, { execution, pid })
})
const world = await World.start({ workers: Number(options.workers), ledgerUrl: await ledger.start() })

/** The collector may be away just now. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await callApi<T>(world, method, path, body)
    } catch (error) {
      if (tries > MOST_TRIES) throw error
      await sleep(100)
    }
  }
}

const problems: string[] = []
let finished = 0
let executions = 0
let killing = true

/** One run from start to end, and what it must have been. */
async function watchRun(n: number): Promise<void> {
  const { id, traceId } = await call<Run>('POST', '/api/v1/runs', {
    agent: 'chaos',
    input: { ms: 5 + Math.floor(random() * 40) },
    idempotencyKey: `chaos-${options.seed}-${n}`,
  })
  let quietSince = performance.now()
  for (;;) {
    const run = await call<Run>('GET', `/api/v1/runs/${id}`)
    if (killing) quietSince = performance.now()
    if (run.status === 'succeeded') {
      check(run, traceId)
      return
    }
    if (run.status === 'failed' || run.status === 'paused' || run.status === 'cancelled') {
      problems.push(`run ${id} is ${run.status}: ${run.error?.type} ${run.error?.message ?? run.statusReason}`)
      return
    }
    if (performance.now() - quietSince > FINISH_WITHIN_MS) {
      problems.push(`run ${id} hangs: ${run.status}, execution ${run.execution}, ${run.steps.done} of ${STEPS} steps, ${run.statusReason}`)
      return
    }
    await sleep(250)
  }
}

function check(run: Run, traceId: string): void {
  finished++
  executions += run.execution
  const seen = ledger.valuesOf(run.id)
  const keys = Array.from({ length: ROUNDS }, (_, round) => [`${round}/plan`, ...ITEMS.map((item) => `${round}/${item}`)]).flat()
  const expected = keys.map((key) => seen.get(key)?.value)
  if (JSON.stringify(run.output) !== JSON.stringify(expected))
    problems.push(`run ${run.id} lost an outcome: its output isn't what its steps gave`)
  if (run.traceId !== traceId) problems.push(`run ${run.id} changed its trace`)
  if (run.steps.done !== STEPS) problems.push(`run ${run.id} has ${run.steps.done} checkpoints of ${STEPS}`)
  for (const [key, { began }] of seen)
    if (began.length > run.execution) problems.push(`run ${run.id} began step ${key} ${began.length} times in ${run.execution} executions`)
}

/** Keeps as many runs going as were asked for, until the killing is over; then waits for the last of them. */
async function load(): Promise<number> {
  let started = 0
  const lane = async () => {
    while (killing) await watchRun(started++)
  }
  await Promise.all(Array.from({ length: Number(options.runs) }, lane))
  return started
}

const counts = { worker: 0, stopped: 0, collector: 0, postgres: 0 }
function killOne(): void {
  const dice = random()
  const worker = world.workers[Math.floor(random() * world.workers.length)]
  if (dice < 0.8) {
    for (const place of places.values()) if (place.pid === worker?.pid) place.killedAt ??= performance.now()
    worker?.kill('SIGKILL')
    counts.worker++
  } else if (dice < 0.85) {
    // A zombie: past its lease it wakes up, and must not have a say any more.
    worker?.kill('SIGSTOP')
    setTimeout(() => worker?.kill('SIGCONT'), 13_000)
    counts.stopped++
  } else if (dice < 0.96) {
    world.collector.kill('SIGKILL')
    counts.collector++
  } else {
    world.killPostgres()
    counts.postgres++
  }
}

const startedAt = performance.now()
const loading = load()
for (let done = 0; done < kills; done++) {
  await sleep(500 + random() * 2_500)
  try {
    killOne()
  } catch {
    // It is down already, and on its way back.
  }
  if (process.stdout.isTTY) process.stdout.write(`\r${done + 1} of ${kills} kills, ${finished} runs finished `)
}
killing = false
const started = await loading
const minutes = (performance.now() - startedAt) / 60_000

resumeMs.sort((a, b) => a - b)
const percentile = (p: number) => Math.round(resumeMs[Math.min(resumeMs.length - 1, Math.floor(resumeMs.length * p))] ?? 0)
const repeated = ledger.violations.filter(({ kind }) => kind === 'repeated')
const changed = ledger.violations.filter(({ kind }) => kind === 'changed')
process.stdout.write(`
seed ${options.seed}, ${minutes.toFixed(1)} min
kills          ${kills}  (workers ${counts.worker}, workers stopped past their lease ${counts.stopped}, collector ${counts.collector}, Postgres ${counts.postgres})
runs           ${finished} of ${started} finished, in ${executions} executions
steps          ${finished * STEPS}
lost           ${changed.length + problems.length}
repeated       ${repeated.length}
kill to next step  p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms
`)
for (const line of [...problems, ...ledger.violations.map((v) => `${v.kind}: run ${v.run}, step ${v.step} ${v.what}`)].slice(0, 50))
  process.stdout.write(`  ${line}\n`)
await world.stop()
ledger.stop()
process.exit(problems.length + ledger.violations.length === 0 ? 0 : 1)
