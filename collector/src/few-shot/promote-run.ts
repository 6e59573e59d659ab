import { addExample, findRun, getRunValues } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { loadValue } from '../runs/value-store.ts'

/** A good run's input and output; only a run that succeeded has shown how it is done. */
export async function exampleOfRun(ctx: CollectorContext, projectId: string, runId: string) {
  const run = await findRun(ctx.pool, projectId, runId)
  if (run === undefined) throw notFound(`run ${runId} (body.runId)`)
  if (run.status !== 'succeeded')
    throw new CollectorError('conflict', `body.runId: the run is ${run.status}; only a succeeded run can be promoted.`)
  const stored = (await getRunValues(ctx.pool, [runId])).get(runId)
  const [input, output] = await Promise.all([
    loadValue(ctx.pool, projectId, { text: stored?.input ?? null, blob: stored?.inputBlob ?? null }),
    loadValue(ctx.pool, projectId, { text: stored?.output ?? null, blob: stored?.outputBlob ?? null }),
  ])
  return {
    runId,
    input: JSON.stringify(input),
    output: JSON.stringify(output),
    messages: JSON.stringify([
      { role: 'user', content: input },
      { role: 'assistant', content: output },
    ]),
  }
}

/** Puts a run into a set, which is made if it is missing. */
export async function promoteRun(
  ctx: CollectorContext,
  { projectId, set, runId, actor, exampleId }: { projectId: string; set: string; runId: string; actor: string | null; exampleId?: string },
): Promise<string> {
  const example = { ...(await exampleOfRun(ctx, projectId, runId)), ...(exampleId === undefined ? {} : { id: exampleId }) }
  const { id } = await addExample(ctx.pool, { projectId, set, ...(actor === null ? {} : { actor }), example })
  return id
}
