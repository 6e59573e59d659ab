// Question: what does a durable step cost, and how many a second are there? See README.md.
import { createPool } from '@cairn/prisma'
import { Cairn } from '@cairn/sdk'
import { measure, medianOf, type Sample, type Summary, summarise } from './src/measure.ts'
import { startCairn } from './src/start-cairn.ts'
import { writeResult } from './src/write-result.ts'

const LANES = [1, 16, 64] as const
const OPERATIONS = 1_600
const REPETITIONS = 3
/** What a step returns: of the size of a search hit. */
const OUTPUT = { title: 'Cairns', url: 'https://example.org/cairns', text: 'A pile of stones that marks a trail. '.repeat(8) }

const running = await startCairn()
const cairn = new Cairn({ url: running.url, apiKey: running.apiKey, serviceName: 'bench' })
const pool = createPool(running.databaseUrl, { max: Math.max(...LANES) })
await pool.query('CREATE TABLE bench_floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, lane int NOT NULL, output text NOT NULL)')

interface Lane {
  readonly latenciesMs: number[]
  readonly startedAt: number
  readonly endedAt: number
}

const agent = cairn.agent({ name: 'bench-steps' }, async (run, input: { times: number }): Promise<Lane> => {
  const startedAt = performance.now()
  const { latenciesMs } = await measure(1, input.times, (_, i) => run.step(`step/${i}`, () => OUTPUT))
  return { latenciesMs: [...latenciesMs], startedAt, endedAt: performance.now() }
})

/** As many runs side by side as there are lanes, each with its share of the steps. From the first step's start to the last one's end. */
async function steps(lanes: number): Promise<Sample> {
  const times = Math.ceil(OPERATIONS / lanes)
  const done = await Promise.all(Array.from({ length: lanes }, () => agent.run({ times })))
  const elapsedMs = Math.max(...done.map((lane) => lane.endedAt)) - Math.min(...done.map((lane) => lane.startedAt))
  return { latenciesMs: done.flatMap((lane) => lane.latenciesMs), elapsedMs }
}

/** The least that durability costs here: one row, one commit, on as many connections. */
const floor = (lanes: number): Promise<Sample> =>
  measure(lanes, Math.ceil(OPERATIONS / lanes), (lane) =>
    pool.query('INSERT INTO bench_floor (lane, output) VALUES ($1, $2)', [lane, JSON.stringify(OUTPUT)]),
  )

async function repeat(lanes: number, measureOnce: (lanes: number) => Promise<Sample>): Promise<Summary> {
  await measureOnce(lanes)
  const summaries: Summary[] = []
  for (let i = 0; i < REPETITIONS; i++) summaries.push(summarise(await measureOnce(lanes)))
  return medianOf(summaries)
}

const rows: (Summary & { runs: number; what: string })[] = []
for (const lanes of LANES) {
  rows.push({ runs: lanes, what: 'durable step', ...(await repeat(lanes, steps)) })
  rows.push({ runs: lanes, what: 'INSERT + COMMIT', ...(await repeat(lanes, floor)) })
}
console.table(rows)
await cairn.close()
await pool.end()
await running.stop()
writeResult('steps', rows)
