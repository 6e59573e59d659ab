// argv: system, "run" or "resume", database URL, id, steps. "run" kills itself inside the last step; "resume" tells when the first step runs
// that was not done before: milliseconds since the process began, which step, and its memory.
import { writeSync } from 'node:fs'

const [, , system, phase, databaseUrl, id, count] = process.argv
const steps = Number(count)
const result = { title: 'Cairns', url: 'https://example.org/cairns', text: 'A pile of stones that marks a trail. '.repeat(8) }

function step(i) {
  if (phase === 'run' && i === steps - 1) process.kill(process.pid, 'SIGKILL')
  if (phase === 'resume') {
    const rssMb = Math.round(process.memoryUsage().rss / 2 ** 20)
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
