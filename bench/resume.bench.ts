// Question: how long from the start of a process to the first new step of a long run that it takes over? See README.md.
import { parseArgs } from 'node:util'
import { median } from './src/measure.ts'
import { Meter } from './src/meter.ts'
import { type TakenOver, takeOverByCairn } from './src/resume-cairn.ts'
import { takeOverByPeer } from './src/resume-peer.ts'
import { startCairn } from './src/start-cairn.ts'
import { installPeers } from './src/step-system.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } } })
const SIZES = options.quick ? [1_000] : [1_000, 10_000]
const ROUNDS = Number(options.rounds ?? (options.quick ? 1 : 3))
const SYSTEMS = ['Cairn', 'DBOS', 'LangGraph', 'one SELECT'] as const
type System = (typeof SYSTEMS)[number]

installPeers()
const running = await startCairn()
const meter = new Meter(running.databaseUrl)
await meter.setup()

async function takeOver(system: System, steps: number): Promise<TakenOver> {
  if (system === 'Cairn') return await takeOverByCairn(running, steps)
  // DBOS takes up whatever its database has unfinished: a new one each time.
  return takeOverByPeer(system, await meter.makeDatabase('resume_peer'), steps)
}

const rows: object[] = []
for (const steps of SIZES) {
  const rounds: Record<System, TakenOver>[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const took = {} as Record<System, TakenOver>
    for (let i = 0; i < SYSTEMS.length; i++) {
      const system = SYSTEMS[(i + round) % SYSTEMS.length] ?? 'Cairn'
      process.stderr.write(`\r${steps} steps, round ${round} of ${ROUNDS}, ${system}          `)
      took[system] = await takeOver(system, steps)
    }
    // The first round warms the file cache.
    if (round > 0) rounds.push(took)
  }
  const of = (number: (took: Record<System, TakenOver>) => number) => median(rounds.map(number))
  for (const system of SYSTEMS)
    rows.push({
      steps,
      system,
      firstNewStepMs: of((took) => took[system].totalMs),
      '÷ DBOS': Number(of((took) => took[system].totalMs / took.DBOS.totalMs).toFixed(2)),
      peakRssMb: of((took) => took[system].rssMb),
      'first new step': of((took) => took[system].at),
    })
}
process.stderr.write('\r')
console.table(rows)
await meter.stop()
await running.stop()
writeResult('resume', rows)
