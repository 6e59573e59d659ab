import { setTimeout as sleep } from 'node:timers/promises'
import { research } from './agents/research.ts'
import { listRuns } from './list-runs.ts'

const TIME_LIMIT_MS = 60_000

/**
 * A worker that dies: it runs one research and kills itself with SIGKILL in step 12 of 15, the fact check. No handler, no
 * flush, no goodbye: what is seen of it afterwards was stored before. Start it with FACT_CHECK_WAIT_MS above a minute.
 */
function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exit(1)
}
process.on('disconnect', () => process.exit(1))
setTimeout(() => fail('the run did not come to its twelfth step'), TIME_LIMIT_MS)

// An interrupted start may have made it already.
const before = await listRuns('agent=research&tag=crash')
if (before.some((run) => run.status === 'crashed' && run.steps.done === 11)) process.exit(0)

research
  .run({ topic: 'how cairns are rebuilt after winter' }, { userId: 'ada', sessionId: 'reading-0', tags: ['sample', 'crash'] })
  .then(() => fail('the run ended before it could be killed'), fail)

for (;;) {
  await sleep(100)
  const running = await listRuns('agent=research&tag=crash&status=running')
  if (!running.some((run) => run.steps.done === 11)) continue
  // The twelfth has begun: its mark is sent within milliseconds of its start.
  await sleep(300)
  process.kill(process.pid, 'SIGKILL')
}
