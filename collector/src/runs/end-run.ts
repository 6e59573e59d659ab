import { findRun, finishRun, inTransaction, type RunEnd, type RunRow, wakeRuns } from '@cairn/prisma'
import type { RunOutcome, StoredError } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { groupingOf } from '../failures/grouping-cache.ts'
import { valueText, withoutNul } from '../http/parse.ts'
import { fingerprintError } from '../ingest/map/error-group.ts'
import type { Notifier } from './notifier.ts'
import { storeValue } from './value-store.ts'

/** Ends a run's execution as its worker says. Undefined if that is not this execution's to say any more. */
export async function endRun(
  { ctx, notifier }: { ctx: CollectorContext; notifier: Notifier },
  projectId: string,
  runId: string,
  outcome: RunOutcome,
): Promise<RunRow | undefined> {
  const output = await storeValue(ctx.pool, projectId, outcome.output, 'body.output')
  const failedStep = outcome.failedStep ?? null
  const end: RunEnd = {
    projectId,
    runId,
    execution: outcome.execution,
    status: outcome.status,
    wakeAt: outcome.wakeAt ?? null,
    output: output.text,
    outputBlob: output.blob,
    error: outcome.error === undefined ? null : toStored(outcome.error),
    errorGroup: outcome.error === undefined ? null : await groupOf(ctx, projectId, runId, outcome.error, failedStep),
    failedStep,
    statePatch: outcome.statePatch === undefined ? null : valueText(outcome.statePatch, 'body.statePatch'),
  }
  const { run, woken } = outcome.status === 'waiting' ? await letGo(ctx, end) : { run: await finishRun(ctx.pool, end), woken: [] }
  if (run === undefined) return undefined
  for (const agent of woken) notifier.workReady(projectId, agent)
  notifier.runEnded(run.projectId, run.agent)
  notifier.runChanged(run.id)
  notifier.statusChanged()
  return run
}

/** The signal that a run is let go for may have come in meanwhile. */
const letGo = (ctx: CollectorContext, end: RunEnd) =>
  inTransaction(ctx.pool, async (db) => {
    const run = await finishRun(db, end)
    return { run, woken: run === undefined ? [] : await wakeRuns(db, [run.id]) }
  })

const toStored = (error: StoredError): RunEnd['error'] => ({
  type: withoutNul(error.type),
  message: withoutNul(error.message),
  stack: error.stack === undefined ? null : withoutNul(error.stack),
  cause: error.cause === undefined ? null : withoutNul(error.cause),
})

async function groupOf(ctx: CollectorContext, projectId: string, runId: string, error: StoredError, step: string | null) {
  const [run, rules] = await Promise.all([findRun(ctx.pool, projectId, runId), groupingOf(ctx, projectId)])
  if (run === undefined) return null
  return fingerprintError({ type: error.type, message: error.message, step: step ?? '', agent: run.agent }, rules)
}
