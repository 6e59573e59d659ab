import {
  countFinishedSteps,
  type ExecutionRow,
  getRunValues,
  listExecutions,
  listStatePatches,
  type RunRow,
  type StatePatchRow,
} from '@cairn/prisma'
import {
  type Cost,
  type CreateRun,
  type Execution,
  type JsonValue,
  NO_COST,
  NO_USAGE,
  type Run,
  type RunSummary,
  type Usage,
} from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { type Loss, lossOfRuns } from './losses.ts'
import { addUsd, type Spending, spendingOfRuns } from './spending.ts'
import { foldState } from './state.ts'
import { loadValue } from './value-store.ts'

interface Parts {
  readonly done: number
  readonly executions: readonly ExecutionRow[]
  readonly spending: Spending | undefined
  readonly loss: Loss | undefined
}

/** What runs cost, and what of it was lost. */
async function money(ctx: CollectorContext, projectId: string, rows: readonly RunRow[], limitMs?: number) {
  const ids = rows.map((row) => row.id)
  const asked = spendingOfRuns(ctx, projectId, ids, limitMs)
  const [spending, losses] = await Promise.all([asked, lossOfRuns(ctx, projectId, { rows, spending: asked, limitMs })])
  return { spending, losses }
}

/** Rows of a list, with what each cost. */
export async function toSummaries(ctx: CollectorContext, projectId: string, rows: readonly RunRow[]): Promise<RunSummary[]> {
  const ids = rows.map((row) => row.id)
  if (ids.length === 0) return []
  const [done, executions, { spending, losses }] = await Promise.all([
    countFinishedSteps(ctx.pool, ids),
    listExecutions(ctx.pool, ids),
    money(ctx, projectId, rows),
  ])
  const byRun = Map.groupBy(executions, (execution) => execution.runId)
  return rows.map((row) =>
    toSummary(row, {
      done: done.get(row.id) ?? 0,
      executions: byRun.get(row.id) ?? [],
      spending: spending.get(row.id),
      loss: losses.get(row.id),
    }),
  )
}

/** A run whole, as `GET /api/v1/runs/{id}` shows it. `limitMs`: how long it may wait for what it cost. */
export async function toRun(ctx: CollectorContext, row: RunRow, limitMs?: number): Promise<Run> {
  const [done, executions, { spending, losses }, values, patches] = await Promise.all([
    countFinishedSteps(ctx.pool, [row.id]),
    listExecutions(ctx.pool, [row.id]),
    money(ctx, row.projectId, [row], limitMs),
    getRunValues(ctx.pool, [row.id]),
    listStatePatches(ctx.pool, [row.id]),
  ])
  const stored = values.get(row.id)
  const [input, output] = await Promise.all([
    loadValue(ctx.pool, row.projectId, { text: stored?.input ?? null, blob: stored?.inputBlob ?? null }),
    loadValue(ctx.pool, row.projectId, { text: stored?.output ?? null, blob: stored?.outputBlob ?? null }),
  ])
  const summary = toSummary(row, {
    done: done.get(row.id) ?? 0,
    executions,
    spending: spending.get(row.id),
    loss: losses.get(row.id),
  })
  return {
    ...summary,
    error: summary.error && {
      ...summary.error,
      ...(stored?.errorStack ? { stack: stored.errorStack } : {}),
      ...(stored?.errorCause ? { cause: stored.errorCause } : {}),
    },
    input,
    output,
    state: stateOf(patches),
    metadata: JSON.parse(stored?.metadata ?? '{}'),
    executions: executions.map(toExecution),
  }
}

/** A run that was made just now: all of it is known, nothing need be asked for. */
export function toNewRun(row: RunRow, { input, metadata, claim }: Pick<CreateRun, 'input' | 'metadata' | 'claim'>): Run {
  const first = { number: 1, version: row.version, codeRevision: claim?.codeRevision ?? null, workerId: row.workerId, rootSpanId: null }
  const begun = { endedAt: null, outcome: null, actor: null, reason: null, replayedSteps: 0 }
  return {
    ...toSummary(row, { done: 0, executions: [], spending: undefined, loss: undefined }),
    input: input ?? null,
    output: null,
    state: {},
    metadata: metadata ?? {},
    executions: row.startedAt === null ? [] : [{ ...first, startedAt: row.startedAt, ...begun }],
  }
}

const stateOf = (patches: readonly StatePatchRow[]): JsonValue => foldState(patches.map((p) => p.patch))

function toSummary(row: RunRow, parts: Parts): RunSummary {
  const usage: Usage = parts.spending?.usage ?? NO_USAGE
  const cost: Cost = parts.spending?.cost ?? NO_COST
  return {
    id: row.id as RunSummary['id'],
    traceId: row.traceId as RunSummary['traceId'],
    agent: row.agent,
    version: row.version,
    status: row.status as RunSummary['status'],
    execution: row.execution,
    error: row.errorType === null ? null : { type: row.errorType, message: row.errorMessage ?? '' },
    steps: { done: parts.done, ...(row.stepsTotal === null ? {} : { total: row.stepsTotal }) },
    failedStep: row.failedStep,
    errorGroup: row.errorGroup,
    statusReason: row.statusReason,
    statusActor: row.statusActor,
    control: row.control,
    usage,
    cost,
    lost: parts.loss?.lost ?? '0',
    lostUnpriced: parts.loss?.lostUnpriced ?? false,
    saved: addUsd(parts.executions.map((execution) => execution.savedUsd ?? '0')),
    priority: row.priority,
    concurrencyKey: row.concurrencyKey,
    sessionId: row.sessionId,
    userId: row.userId,
    tags: row.tags,
    parentRunId: row.parentRunId as RunSummary['parentRunId'],
    parentStepKey: row.parentStepKey,
    forkedFrom:
      row.forkedFromRunId === null
        ? null
        : { runId: row.forkedFromRunId as NonNullable<RunSummary['forkedFrom']>['runId'], step: row.forkedFromStep ?? '' },
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  }
}

const toExecution = (row: ExecutionRow): Execution => ({
  number: row.number,
  version: row.version,
  codeRevision: row.codeRevision,
  workerId: row.workerId,
  rootSpanId: row.rootSpanId as Execution['rootSpanId'],
  startedAt: row.startedAt,
  endedAt: row.endedAt,
  outcome: row.outcome as Execution['outcome'],
  actor: row.actor,
  reason: row.reason,
  replayedSteps: row.replayedSteps,
})
