// Question: what does a durable step cost, beside what others charge for it? See README.md.
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median, percentile } from './src/measure.ts'
import { Meter } from './src/meter.ts'
import { startCairn } from './src/start-cairn.ts'
import { absurdSql, availablePeers, installPeers, makePeer, RESULT, type StepSystem } from './src/step-system.ts'
import { makeCairn } from './src/systems/cairn.ts'
import { groupFloor, rawFloor } from './src/systems/floor.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } } })
const LANES = [1, 16, 64] as const
const STEPS = options.quick ? 30 : 50
const WARM_UPS = options.quick ? 1 : 3
/** One run alone is too short to measure: so many, one after the other. */
const RUNS_ALONE = options.quick ? 4 : 10
const ROUNDS = Number(options.rounds ?? (options.quick ? 1 : 4))
const POOL = 20

installPeers()
const running = await startCairn({
  // No checkpoint of Postgres' own in a measured block: the page images after it would be counted as some system's WAL.
  postgresSettings: ['shared_preload_libraries=pg_stat_statements', 'checkpoint_timeout=1h', 'max_wal_size=16GB', 'max_connections=200'],
})
const meter = new Meter(running.databaseUrl)
await meter.setup()
const systems: { system: StepSystem; databaseUrl: string }[] = []
async function add(name: string, make: (databaseUrl: string) => StepSystem | Promise<StepSystem>): Promise<void> {
  const databaseUrl = await meter.makeDatabase(`bench_${name}`)
  systems.push({ system: await make(databaseUrl), databaseUrl })
}
await add('raw', (url) => rawFloor(url, POOL))
await add('group', groupFloor)
for (const telemetry of [false, true]) {
  const name = telemetry ? 'Cairn, with its spans' : 'Cairn'
  systems.push({ system: makeCairn(running, { name, telemetry }), databaseUrl: running.databaseUrl })
}
for (const peer of availablePeers())
  await add(peer, (databaseUrl) => makePeer(peer, { databaseUrl, result: RESULT, poolSize: POOL, sqlFile: absurdSql }))

const range = (values: readonly number[]): string => `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`

interface Measured {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly perSecond: number
  readonly walBytes: number
  readonly diskBytes: number
  readonly statements: number
}

/** Intervals between the beginnings of neighbouring steps: what a step costs its run. */
function makeMarks() {
  const at: number[] = []
  return { mark: () => void at.push(performance.now()), intervals: () => at.slice(1).map((time, i) => time - (at[i] ?? time)) }
}

async function measureOnce({ system, databaseUrl }: (typeof systems)[number], lanes: number): Promise<Measured> {
  const runs = lanes === 1 ? RUNS_ALONE : lanes
  const marks = Array.from({ length: runs }, makeMarks)
  const before = await meter.read(databaseUrl)
  const startedAt = performance.now()
  if (lanes === 1) for (const { mark } of marks) await system.run(STEPS, mark)
  else await Promise.all(marks.map(({ mark }) => system.run(STEPS, mark)))
  const elapsedMs = performance.now() - startedAt
  // What is written behind belongs to it.
  await delay(500)
  const after = await meter.read(databaseUrl)
  const steps = runs * STEPS
  const intervals = marks.flatMap((one) => one.intervals())
  return {
    p50Ms: percentile(intervals, 0.5),
    p95Ms: percentile(intervals, 0.95),
    p99Ms: percentile(intervals, 0.99),
    perSecond: (steps / elapsedMs) * 1_000,
    walBytes: (after.walBytes - before.walBytes) / steps,
    diskBytes: (after.diskBytes - before.diskBytes) / steps,
    // One of them was the reading itself.
    statements: (after.statements - before.statements - 1) / steps,
  }
}

for (const { system } of systems) {
  await system.setup()
  for (let i = 0; i < WARM_UPS; i++) await Promise.all(Array.from({ length: 16 }, () => system.run(20, () => {})))
}
const rows: object[] = []
for (const lanes of LANES) {
  const measured = new Map<string, Measured[]>()
  for (let round = 0; round < ROUNDS; round++)
    for (let i = 0; i < systems.length; i++) {
      const next = systems[(i + round) % systems.length]
      if (next === undefined) continue
      measured.set(next.system.name, [...(measured.get(next.system.name) ?? []), await measureOnce(next, lanes)])
      process.stderr.write(`\r${lanes} runs, round ${round + 1} of ${ROUNDS}, ${next.system.name}            `)
    }
  /** A system's steps a second over another's, round by round: machines change their pace between rounds. */
  const ratios = (name: string, other: string) =>
    (measured.get(name) ?? []).map((one, i) => one.perSecond / (measured.get(other)?.[i]?.perSecond ?? Number.NaN))
  for (const [name, all] of measured) {
    const of = (key: keyof Measured) => median(all.map((one) => one[key]))
    const round = (value: number, digits = 0) => Number(value.toFixed(digits))
    rows.push({
      runs: lanes,
      system: name,
      p50Ms: round(of('p50Ms'), 2),
      p95Ms: round(of('p95Ms'), 2),
      p99Ms: round(of('p99Ms'), 2),
      'steps/s': round(of('perSecond')),
      '× DBOS': round(median(ratios(name, 'DBOS')), 2),
      'from–to': range(ratios(name, 'DBOS')),
      '× floor': round(median(ratios(name, 'INSERT + COMMIT')), 2),
      '× group': round(median(ratios(name, 'group commit')), 2),
      'WAL B': round(of('walBytes')),
      'disk B': round(of('diskBytes')),
      statements: round(of('statements'), 2),
    })
  }
}
process.stderr.write('\r')
console.table(rows)
for (const { system } of systems) await system.stop()
await meter.stop()
await running.stop()
writeResult('steps', rows)
process.exit(0)
