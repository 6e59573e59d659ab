// Question: what does a run store whose state grows with each step, and does a later step store more than an early one? See README.md.
import { parseArgs } from 'node:util'
import { Cairn } from '@cairn/sdk'
import { Meter } from './src/meter.ts'
import { prose } from './src/prose.ts'
import { startCairn } from './src/start-cairn.ts'
import { installPeers, makePeer, RESULT, type StepSystem } from './src/step-system.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const STEPS = options.quick ? 100 : 200
const PARTS = 4
const GROWTH = 2_000
const grow = () => prose(GROWTH)

installPeers()
const running = await startCairn({ postgresSettings: ['checkpoint_timeout=1h', 'max_wal_size=16GB'] })
const meter = new Meter(running.databaseUrl)
await meter.setup()

function makeCairn(): StepSystem {
  const cairn = new Cairn({ url: running.url, apiKey: running.apiKey, telemetry: false })
  let mark = (): void | Promise<void> => {}
  const agent = cairn.agent({ name: 'bench-storage' }, async (run, steps: number) => {
    const messages: { role: string; content: string }[] = []
    run.state.messages = messages
    for (let i = 0; i < steps; i++) {
      await mark()
      ;(run.state.messages as typeof messages).push({ role: 'assistant', content: grow() })
      await run.step('step', () => RESULT)
    }
    await mark()
  })
  return {
    name: 'Cairn',
    setup: async () => {},
    run: async (steps, marked) => {
      mark = marked
      await agent.run(steps)
    },
    stop: () => cairn.close(),
  }
}

interface Part {
  readonly walBytes: number
  readonly diskBytes: number
}

/** What one run has written, read at the start and after each part of its steps; the run waits while it is read. */
async function measure(system: StepSystem, databaseUrl: string): Promise<Part[]> {
  const readings: Part[] = []
  const read = async () => void readings.push({ walBytes: await meter.walBytes(), diskBytes: await meter.diskBytes(databaseUrl) })
  let count = 0
  await system.run(STEPS, () => (count++ % (STEPS / PARTS) === 0 ? read() : undefined))
  return readings
}

const peerUrl = await meter.makeDatabase('storage_langgraph')
const systems = [
  { system: makeCairn(), databaseUrl: running.databaseUrl },
  { system: await makePeer('langgraph', { databaseUrl: peerUrl, result: RESULT, poolSize: 5, grow }), databaseUrl: peerUrl },
]
const rows: object[] = []
for (const { system, databaseUrl } of systems) {
  await system.setup()
  await system.run(10, () => {})
  const readings = await measure(system, databaseUrl)
  const perStep = (key: keyof Part, from: number, to: number) =>
    Math.round(((readings[to]?.[key] ?? Number.NaN) - (readings[from]?.[key] ?? Number.NaN)) / ((to - from) * (STEPS / PARTS)))
  for (let part = 0; part < PARTS; part++)
    rows.push({
      system: system.name,
      steps: `${(part * STEPS) / PARTS + 1}–${((part + 1) * STEPS) / PARTS}`,
      'WAL B a step': perStep('walBytes', part, part + 1),
      'disk B a step': perStep('diskBytes', part, part + 1),
    })
  const [wal, disk] = [perStep('walBytes', 0, PARTS), perStep('diskBytes', 0, PARTS)]
  rows.push({ system: system.name, steps: 'all', 'WAL B a step': wal, 'disk B a step': disk })
}
console.table(rows)
for (const { system } of systems) await system.stop()
await meter.stop()
await running.stop()
writeResult('storage', rows)
process.exit(0)
