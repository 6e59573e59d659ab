import { randomBytes } from 'node:crypto'
import {
  addStatePatch,
  copySteps,
  createRun,
  forgetSteps,
  getRunValues,
  inTransaction,
  listSteps,
  lockRunAndParents,
  overrideSteps,
  type RunRow,
} from '@cairn/prisma'
import type { ForkRun } from '@cairn/sdk/protocol'
import { v7 } from 'uuid'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { valueText } from '../http/parse.ts'
import { storeOutputs } from './resume.ts'
import { storeValue } from './value-store.ts'

/** A new run with a trace of its own that shares the checkpoints before the chosen step. */
export async function forkRun(ctx: CollectorContext, origin: RunRow, request: ForkRun): Promise<RunRow> {
  const [steps, values] = await Promise.all([listSteps(ctx.pool, [origin.id]), getRunValues(ctx.pool, [origin.id])])
  const from = steps.find((step) => step.key === request.fromStep)
  if (from === undefined && request.fromStep !== origin.failedStep)
    throw new CollectorError(
      'invalid_request',
      `body.fromStep: the run has no step ${request.fromStep}. GET /api/v1/runs/${origin.id}/steps lists them.`,
    )
  const stored = values.get(origin.id)
  const input =
    request.input === undefined
      ? { text: stored?.input ?? null, blob: stored?.inputBlob ?? null }
      : await storeValue(ctx.pool, origin.projectId, request.input, 'body.input')
  const outputs = await storeOutputs(ctx, origin.projectId, request.overrides ?? [])
  return inTransaction(ctx.pool, async (db) => {
    // It must not be deleted over this: the fork refers to its blobs from here on.
    if ((await lockRunAndParents(db, origin.projectId, origin.id)).length === 0) throw notFound(`run ${origin.id}`)
    const run = await createRun(db, {
      id: v7(),
      projectId: origin.projectId,
      traceId: randomBytes(16).toString('hex'),
      agent: origin.agent,
      version: null,
      input: input.text,
      inputBlob: input.blob,
      metadata: stored?.metadata ?? '{}',
      sessionId: origin.sessionId,
      userId: origin.userId,
      tags: origin.tags,
      idempotencyKey: null,
      runAt: null,
      priority: origin.priority,
      concurrencyKey: origin.concurrencyKey,
      rateLimitKey: origin.rateLimitKey,
      parent: null,
      forkedFrom: { runId: origin.id, step: request.fromStep },
      claim: null,
    })
    if (run === undefined) throw new CollectorError('internal', 'The fork could not be stored.')
    await copySteps(db, { fromRunId: origin.id, toRunId: run.id, beforeSeq: from?.seq ?? Number.MAX_SAFE_INTEGER })
    const retries = (request.overrides ?? []).flatMap((override) => ('retry' in override ? [override.step] : []))
    if (retries.length > 0) await forgetSteps(db, run.id, retries)
    if (outputs.length > 0) await overrideSteps(db, run.id, outputs)
    if (request.state !== undefined) {
      const patch = valueText([{ op: 'replace', path: '', value: request.state }], 'body.state')
      await addStatePatch(db, { runId: run.id, execution: 0, patch })
    }
    return run
  })
}
