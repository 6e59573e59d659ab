// Question: what does a run store whose state grows with each step? See README.md.
import { parseArgs } from 'node:util'
import { Cairn } from '@cairn/sdk'
import { Meter } from './src/meter.ts'
import { startCairn } from './src/start-cairn.ts'
import { installPeers, makePeer, RESULT } from './src/step-system.ts'
import { writeResult } from './src/write-result.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const STEPS = options.quick ? 50 : 200
const GROWTH = 2_000

// Made-up words: they compress about as far as text does, unlike a letter repeated.
const WORDS = Array.from({ length: 8_000 }, () =>
  Math.random()
    .toString(36)
    .slice(2, 4 + Math.floor(Math.random() * 7)),
)
function prose(): string {
  let text = ''
  while (text.length < GROWTH) text += `${WORDS[Math.floor(Math.random() ** 2.5 * WORDS.length)]} `
  return text.slice(0, GROWTH)
}

installPeers()
const running = await startCairn()
const meter = new Meter(running.databaseUrl)
const cairn = new Cairn({ url: running.url, apiKey: running.apiKey, telemetry: false })
const agent = cairn.agent({ name: 'bench-storage' }, async (run, steps: number) => {
  const messages: { role: string; content: string }[] = []
  run.state.messages = messages
  for (let i = 0; i < steps; i++) {
    ;(run.state.messages as typeof messages).push({ role: 'assistant', content: prose() })
    await run.step('step', () => RESULT)
  }
})
const peerUrl = await meter.makeDatabase('storage_langgraph')
const peer = await makePeer('langgraph', { databaseUrl: peerUrl, result: RESULT, poolSize: 5, grow: prose })
await peer.setup()
const systems = [
  { name: 'Cairn', databaseUrl: running.databaseUrl, run: (steps: number) => agent.run(steps) },
  { name: 'LangGraph', databaseUrl: peerUrl, run: (steps: number) => peer.run(steps, () => {}) },
]
const rows: object[] = []
for (const { name, databaseUrl, run } of systems) {
  await run(10)
  for (const steps of [STEPS / 4, STEPS]) {
    const [wal, disk] = [await meter.walBytes(), await meter.diskBytes(databaseUrl)]
    await run(steps)
    const [walAfter, diskAfter] = [await meter.walBytes(), await meter.diskBytes(databaseUrl)]
    rows.push({
      system: name,
      steps,
      'disk KB a run': Math.round((diskAfter - disk) / 1_000),
      'WAL B a step': Math.round((walAfter - wal) / steps),
    })
  }
}
console.table(rows)
await cairn.close()
await peer.stop()
await meter.stop()
await running.stop()
writeResult('storage', rows)
process.exit(0)
