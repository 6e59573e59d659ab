// argv: system, "run" or "resume", database URL, id, steps. "run" kills itself inside the last step; "resume" tells when the first step runs
// that was not done before: milliseconds since the process began, which step, and the most memory it has had.
import { writeSync } from 'node:fs'

const [, , system, phase, databaseUrl, id, count] = process.argv
const steps = Number(count)
const result = { title: 'Cairns', url: 'https://example.org/cairns', text: 'A pile of stones that marks a trail. '.repeat(4) }

function step(i) {
  if (phase === 'run' && i === steps - 1) process.kill(process.pid, 'SIGKILL')
  if (phase === 'resume') {
    const rssMb = Math.round(process.resourceUsage().maxRSS / 2 ** 10)
    writeSync(1, `@@${JSON.stringify({ totalMs: Math.round(performance.now()), at: i, rssMb })}\n`)
    process.kill(process.pid, 'SIGKILL')
  }
  return result
}

if (system === 'DBOS') {
  const { DBOS } = await import('@dbos-inc/dbos-sdk')
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, logLevel: 'error', runAdminServer: false })
  const workflow = DBOS.registerWorkflow(
    async (n) => {
      for (let i = 0; i < n; i++) await DBOS.runStep(async () => step(i), { name: 'step' })
    },
    { name: 'bench' },
  )
  // It recovers what this executor left by itself.
  await DBOS.launch()
  if (phase === 'run') await (await DBOS.startWorkflow(workflow, { workflowID: id })(steps)).getResult()
  else await new Promise((resolve) => setTimeout(resolve, 60_000))
} else if (system === 'one SELECT') {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  if (phase === 'run') {
    await client.query('CREATE TABLE steps (run_id uuid, step int, output jsonb, PRIMARY KEY (run_id, step))')
    await client.query('INSERT INTO steps SELECT $1::uuid, i, $2::jsonb FROM generate_series(0, $3::int - 2) AS i', [id, result, steps])
  } else {
    const { rows } = await client.query('SELECT step, output FROM steps WHERE run_id = $1 ORDER BY step', [id])
    step(rows.length)
  }
  await client.end()
} else {
  const { makeGraph } = await import('./langgraph.mjs')
  const { PostgresSaver } = await import('@langchain/langgraph-checkpoint-postgres')
  const saver = PostgresSaver.fromConnString(databaseUrl)
  await saver.setup()
  const app = makeGraph((state) => ({ out: step(state.i) })).compile({ checkpointer: saver })
  await app.invoke(phase === 'run' ? { i: 0, n: steps, id, out: result } : null, {
    configurable: { thread_id: id },
    durability: 'sync',
    recursionLimit: 1_000_000,
  })
}
