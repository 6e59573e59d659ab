import {
  findRun,
  forgetSteps,
  inTransaction,
  listSteps,
  listWorkers,
  overrideSteps,
  type RunRow,
  resumeRun,
  type StepOutputOverride,
} from '@cairn/prisma'
import { NO_COST, RESUMABLE_STATUSES, type ResumePreview, type ResumeRun, type StepOverride } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { withoutNul } from '../http/parse.ts'
import { isUndecided, isUnknown } from './open-steps.ts'
import { addUsd, spendingOfSteps } from './spending.ts'
import { storeValue } from './value-store.ts'

/** Why a run can't be resumed, for people; null if it can. */
export function whyNotResumable(run: RunRow): string | null {
  if (run.parentRunId !== null) return `It is a sub-agent's run: resume its parent ${run.parentRunId}, which takes it along.`
  if ((RESUMABLE_STATUSES as readonly string[]).includes(run.status)) return null
  return `It is ${run.status}; only ${RESUMABLE_STATUSES.join(', ')} runs can be resumed.`
}

/** Queues a stopped run for its next execution, with what a person changed. */
export async function resume(ctx: CollectorContext, projectId: string, runId: string, request: ResumeRun): Promise<RunRow> {
  const input = await storeValue(ctx.pool, projectId, request.input, 'body.input')
  const outputs = await storeOutputs(ctx, projectId, request.overrides ?? [])
  const resumed = await inTransaction(ctx.pool, async (db) => {
    const run = await resumeRun(db, {
      projectId,
      runId,
      actor: request.actor === undefined ? null : withoutNul(request.actor),
      reason: request.reason === undefined ? null : withoutNul(request.reason),
      version: request.version ?? null,
      input: input.text,
      inputBlob: input.blob,
    })
    if (run === undefined) return undefined
    const decided = new Set((request.overrides ?? []).map((override) => override.step))
    const undecided = (await listSteps(db, [runId])).filter((step) => isUndecided(run, step) && !decided.has(step.key))
    if (undecided.length > 0) throw notDecided(undecided.map((step) => step.key))
    const retries = (request.overrides ?? []).flatMap((override) => ('retry' in override ? [override.step] : []))
    if (retries.length > 0) await forgetSteps(db, runId, retries)
    if (outputs.length > 0) await overrideSteps(db, runId, outputs)
    return run
  })
  // Outside the transaction: whoever holds a connection must not wait for another.
  if (resumed === undefined) throw await refusal(ctx, projectId, runId)
  return resumed
}

const notDecided = (keys: readonly string[]) =>
  new CollectorError(
    'not_resumable',
    `Nobody knows whether ${keys.length === 1 ? `step ${keys[0]}` : `the steps ${keys.join(', ')}`} took place. Say in body.overrides for each { step, retry: true } to run it again, or { step, output } to skip it.`,
    { details: { undecided: keys } },
  )

export async function storeOutputs(
  ctx: CollectorContext,
  projectId: string,
  overrides: readonly StepOverride[],
): Promise<StepOutputOverride[]> {
  const outputs = overrides.flatMap((override, i) => ('output' in override ? [{ ...override, field: `body.overrides.${i}.output` }] : []))
  return Promise.all(
    outputs.map(async ({ step, output, field }) => {
      const stored = await storeValue(ctx.pool, projectId, output, field)
      return { key: withoutNul(step), output: stored.text, outputBlob: stored.blob }
    }),
  )
}

async function refusal(ctx: CollectorContext, projectId: string, runId: string): Promise<CollectorError> {
  const run = await findRun(ctx.pool, projectId, runId)
  if (run === undefined) return notFound(`run ${runId}`)
  return new CollectorError('not_resumable', whyNotResumable(run) ?? 'It changed meanwhile: look again.', {
    details: { status: run.status },
  })
}

/** What a resume would do, before anything happens. */
export async function previewResume(ctx: CollectorContext, run: RunRow): Promise<ResumePreview> {
  const [steps, workers] = await Promise.all([listSteps(ctx.pool, [run.id]), listWorkers(ctx.pool, run.projectId)])
  const spending = await spendingOfSteps(ctx, run, steps)
  const serving = workers
    .filter((worker) => worker.endedAt === null)
    .flatMap((worker) => (worker.agents as { name: string; versions: string[] }[]).filter((agent) => agent.name === run.agent))
  const replays = steps.filter((step) => step.status === 'succeeded')
  const reruns = steps
    .filter((step) => step.status !== 'succeeded')
    .map((step) => ({ key: step.key, kind: step.kind, status: isUnknown(run, step) ? 'unknown' : step.status }))
  if (run.failedStep !== null && !steps.some((step) => step.key === run.failedStep))
    reruns.push({ key: run.failedStep, kind: 'step', status: run.status === 'crashed' ? 'interrupted' : 'failed' })
  const reason = whyNotResumable(run)
  return {
    resumable: reason === null,
    reason,
    fromExecution: run.execution,
    replays: replays.map((step) => ({ key: step.key, kind: step.kind, cost: spending.get(step.key)?.cost ?? NO_COST })),
    reruns,
    undecided: steps
      .filter((step) => isUndecided(run, step))
      .map((step) => ({ key: step.key, kind: step.kind, startedAt: step.startedAt })),
    saves: addUsd(replays.map((step) => spending.get(step.key)?.knownUsd ?? '0')),
    liveWorkers: serving.length,
    version: run.version,
    availableVersions: [...new Set(serving.flatMap((agent) => agent.versions))].sort(),
  }
}
