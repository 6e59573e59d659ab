import { appendEmitted, type CheckpointRow, type CheckpointVerdict, type EmittedVerdict, putCached } from '@cairn/prisma'
import type { Checkpoint, CheckpointAnswer, CheckpointBatch, CheckpointResult, EmittedItem } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { valueText, withoutNul } from '../http/parse.ts'
import { hashOf } from '../step-cache/cache-key.ts'
import type { Checkpointer } from './checkpointer.ts'
import type { Notifier } from './notifier.ts'
import { storeValue } from './value-store.ts'

export interface BatchParts {
  readonly ctx: CollectorContext
  readonly checkpointer: Checkpointer
  readonly notifier: Notifier
}

/** Stores a worker's step outcomes and emitted items; an answer for each, in order. */
export async function storeBatch(parts: BatchParts, projectId: string, batch: CheckpointBatch): Promise<CheckpointAnswer> {
  const rows = await Promise.all(batch.checkpoints.map((checkpoint, i) => toRow(parts.ctx, projectId, checkpoint, i)))
  const [verdicts, emitted] = await Promise.all([
    parts.checkpointer.store(projectId, rows),
    appendEmitted(parts.ctx.pool, projectId, batch.emitted.map(toEmittedRow)),
  ])
  keepForOthers(parts.ctx, projectId, batch.checkpoints, rows, verdicts)
  for (const runId of new Set([...batch.checkpoints, ...batch.emitted].map((item) => item.runId))) parts.notifier.runChanged(runId)
  return {
    results: batch.checkpoints.map((checkpoint, i) => toResult(checkpoint, verdicts[i])),
    emitted: batch.emitted.map((item, i) => toEmittedResult(item, emitted[i])),
  }
}

/** Nobody waits for it: what isn't kept is made again. */
function keepForOthers(
  ctx: CollectorContext,
  projectId: string,
  checkpoints: readonly Checkpoint[],
  rows: readonly CheckpointRow[],
  verdicts: readonly CheckpointVerdict[],
): void {
  checkpoints.forEach(({ cache, status }, i) => {
    const row = rows[i]
    if (cache === undefined || row === undefined || status !== 'succeeded' || verdicts[i]?.outcome !== 'stored') return
    const { runId, key: stepKey, output, outputBlob } = row
    putCached(ctx.pool, { projectId, keyHash: hashOf(cache.key), ttlMs: cache.ttlMs, runId, stepKey, output, outputBlob }).catch(
      (error: unknown) => ctx.log.warn({ err: error, runId }, 'an output could not be kept in the step cache'),
    )
  })
}

async function toRow(ctx: CollectorContext, projectId: string, checkpoint: Checkpoint, index: number): Promise<CheckpointRow> {
  const field = `body.checkpoints.${index}`
  const output = await storeValue(ctx.pool, projectId, checkpoint.output, `${field}.output`)
  return {
    runId: checkpoint.runId,
    execution: checkpoint.execution,
    key: withoutNul(checkpoint.key),
    name: withoutNul(checkpoint.name ?? checkpoint.key),
    kind: checkpoint.kind,
    status: checkpoint.status,
    attempt: checkpoint.attempt,
    startedAt: checkpoint.startedAt ?? null,
    endedAt: checkpoint.endedAt ?? null,
    output: output.text,
    outputBlob: output.blob,
    error: checkpoint.error === undefined ? null : valueText(checkpoint.error, `${field}.error`),
    spanId: checkpoint.spanId ?? null,
    inputFingerprint: checkpoint.inputFingerprint ?? null,
    childRunId: checkpoint.childRunId ?? null,
    onInterrupted: checkpoint.onInterrupted ?? null,
    statePatch: checkpoint.statePatch === undefined ? null : valueText(checkpoint.statePatch, `${field}.statePatch`),
  }
}

const toEmittedRow = (item: EmittedItem, index: number) => ({
  runId: item.runId,
  execution: item.execution,
  data: valueText({ name: item.name, data: item.data }, `body.emitted.${index}.data`),
  id: item.id ?? null,
})

function toResult(checkpoint: Checkpoint, verdict: CheckpointVerdict | undefined): CheckpointResult {
  const base = { runId: checkpoint.runId, key: checkpoint.key, control: null }
  switch (verdict?.outcome) {
    case 'stored':
      return { ...base, status: 200, control: verdict.control }
    case 'duplicate':
      return { ...base, status: 200, duplicate: true, control: verdict.control }
    case 'conflict':
      return {
        ...base,
        status: 409,
        control: verdict.control,
        error: {
          code: 'step_conflict',
          message: `Step ${checkpoint.key} is stored already with another outcome. Two steps share this key: give each its own.`,
        },
      }
    case 'stale':
      return {
        ...base,
        status: 409,
        error: {
          code: 'stale_execution',
          message: `The run is ${verdict.runStatus} in execution ${verdict.currentExecution}; execution ${checkpoint.execution} may not write any more. Stop it here.`,
        },
      }
    default:
      return { ...base, status: 404, error: { code: 'not_found', message: `There is no run ${checkpoint.runId} in this project.` } }
  }
}

function toEmittedResult(item: EmittedItem, verdict: EmittedVerdict | undefined): CheckpointResult {
  const base = { runId: item.runId, key: item.name, control: verdict?.control ?? null }
  if (verdict?.stored) return { ...base, status: 200 }
  if (!verdict?.found)
    return { ...base, status: 404, error: { code: 'not_found', message: `There is no run ${item.runId} in this project.` } }
  return {
    ...base,
    status: 409,
    error: { code: 'stale_execution', message: `Execution ${item.execution} may not write any more. Stop it here.` },
  }
}
