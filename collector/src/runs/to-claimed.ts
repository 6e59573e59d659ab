import { getRunValues, listExecutions, listStatePatches, listSteps, type RunRow, type StatePatchRow, type StepRow } from '@cairn/prisma'
import type { ClaimedRun, CreateRun } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { isUnknown } from './open-steps.ts'
import { foldState } from './state.ts'
import { toReplayedStep } from './to-step.ts'
import { loadValue } from './value-store.ts'

/** What a worker needs to go on with its runs: one read each for values, checkpoints, state and executions. */
export async function toClaimed(ctx: CollectorContext, rows: readonly RunRow[]): Promise<ClaimedRun[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const [values, steps, patches, executions] = await Promise.all([
    getRunValues(ctx.pool, ids),
    listSteps(ctx.pool, ids),
    listStatePatches(ctx.pool, ids),
    listExecutions(ctx.pool, ids),
  ])
  const stepsByRun = Map.groupBy(steps, (step) => step.runId)
  const patchesByRun = Map.groupBy(patches, (patch) => patch.runId)
  return Promise.all(
    rows.map(async (row): Promise<ClaimedRun> => {
      const stored = values.get(row.id)
      const changes = changesByStep(patchesByRun.get(row.id) ?? [], stepsByRun.get(row.id) ?? [])
      const before = executions.findLast((e) => e.runId === row.id && e.number < row.execution && e.rootSpanId !== null)
      return {
        ...toHead(row),
        input: await loadValue(ctx.pool, row.projectId, { text: stored?.input ?? null, blob: stored?.inputBlob ?? null }),
        state: foldState((patchesByRun.get(row.id) ?? []).map((p) => p.patch)),
        metadata: JSON.parse(stored?.metadata ?? '{}'),
        previousRootSpanId: (before?.rootSpanId ?? null) as ClaimedRun['previousRootSpanId'],
        steps: await Promise.all(
          (stepsByRun.get(row.id) ?? [])
            .filter((step) => step.status !== 'interrupted')
            .map(async (step) =>
              toReplayedStep(
                isUnknown(row, step) ? { ...step, status: 'unknown' } : step,
                await loadValue(ctx.pool, row.projectId, { text: step.output, blob: step.outputBlob }),
                changes.get(step.key) ?? [],
              ),
            ),
        ),
      }
    }),
  )
}

/** What a worker needs to begin a run that it made just now. */
export const toNewlyClaimed = (row: RunRow, { input, metadata }: Pick<CreateRun, 'input' | 'metadata'>): ClaimedRun => ({
  ...toHead(row),
  input: input ?? null,
  state: {},
  metadata: metadata ?? {},
  previousRootSpanId: null,
  steps: [],
})

const toHead = (row: RunRow) => ({
  id: row.id as ClaimedRun['id'],
  traceId: row.traceId as ClaimedRun['traceId'],
  agent: row.agent,
  version: row.version ?? '',
  execution: row.execution,
  sessionId: row.sessionId,
  userId: row.userId,
  tags: row.tags,
  createdAt: row.createdAt,
  parent:
    row.parentRunId === null
      ? null
      : {
          runId: row.parentRunId as ClaimedRun['id'],
          stepKey: row.parentStepKey ?? '',
          spanId: row.parentSpanId as ClaimedRun['previousRootSpanId'],
        },
})

/** Each finished step's changes of the state, with those before it that no finished step stands for any more. */
function changesByStep(patches: readonly StatePatchRow[], steps: readonly StepRow[]): Map<string, unknown[]> {
  const last = new Map(patches.map((patch) => [patch.stepKey, patch.seq]))
  const finished = new Set(steps.filter((step) => step.status === 'succeeded').map((step) => step.key))
  const changes = new Map<string, unknown[]>()
  let waiting: unknown[] = []
  for (const { stepKey, seq, patch } of patches) {
    waiting = waiting.concat(JSON.parse(patch))
    if (stepKey === null || !finished.has(stepKey) || last.get(stepKey) !== seq) continue
    changes.set(stepKey, waiting)
    waiting = []
  }
  return changes
}
