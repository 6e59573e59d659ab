import { setTimeout as sleep } from 'node:timers/promises'
import { cairn } from './agents/clients.ts'
import { research, writer } from './agents/research.ts'

/**
 * A worker that dies: it runs one research and kills itself with SIGKILL in step 12 of 15, the fact check. No handler, no
 * flush, no goodbye: what is seen of it afterwards was stored before.
 */
void research
  .run(
    { topic: 'how cairns are rebuilt after winter', factCheckMs: 600_000 },
    { userId: 'ada', sessionId: 'reading-0', tags: ['sample', 'crash'] },
  )
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    process.exit(1)
  })
void writer
const { url, apiKey } = cairn.config
for (;;) {
  await sleep(100)
  const answer = await fetch(`${url}/api/v1/runs?agent=research&tag=crash&status=running`, {
    headers: { authorization: `Bearer ${apiKey}` },
  })
  if (!answer.ok) continue
  const { items } = (await answer.json()) as { items: { steps: { done: number } }[] }
  if (items[0]?.steps.done !== 11) continue
  // The twelfth has begun: its mark is sent within milliseconds of its start.
  await sleep(300)
  process.kill(process.pid, 'SIGKILL')
}
