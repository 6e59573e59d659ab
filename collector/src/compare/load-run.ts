import { listExecutions, listStepOutlines, type RunRow, type StepOutline } from '@cairn/prisma'
import type { ComparedSide, RunSummary } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { toSummaries } from '../runs/load-runs.ts'
import type { LoadedSide } from './compare.ts'
import { round } from './judge.ts'
import type { CompareNode } from './node.ts'
import { findPlaces, isIn, type Place } from './places.ts'
import { type SpanForest, toForest } from './span-forest.ts'
import { toSpanNodes } from './span-nodes.ts'
import { type ComparedSpan, spansOfTrace } from './spans-of-trace.ts'
import { toStepNodes } from './step-nodes.ts'
import { StepSpans } from './step-spans.ts'
import { toUsd } from './usd.ts'

/** Rows that one side may have. */
export const MOST_ITEMS = 20_000
/** Steps of all runs that one was forked from. */
const MOST_OF_ORIGINS = 60_000
/** Spans that are read to say what steps cost. */
const MOST_SPANS = 200_000
/** Sub-agents that call each other this deep are shown. */
const MOST_LEVELS = 20

interface Wanted {
  readonly run: RunRow
  readonly origins: readonly RunRow[]
  readonly execution: number | null
  readonly by: 'step' | 'span'
  /** Whether the other side may have the same checkpoints. */
  readonly related: boolean
}

/** One side of a comparison: a run as it stands, or one of its executions. */
export async function loadRun(ctx: CollectorContext, wanted: Wanted): Promise<LoadedSide> {
  const { run, execution, by } = wanted
  if (execution !== null && execution > run.execution)
    throw notFound(`execution ${execution} of run ${run.id}: it has had ${run.execution}`)
  const [spans, [summary], executions] = await Promise.all([
    spansOfTrace(ctx, { projectId: run.projectId, traceId: run.traceId, most: MOST_SPANS }),
    toSummaries(ctx, run.projectId, [run]),
    listExecutions(ctx.pool, [run.id]),
  ])
  if (summary === undefined) throw notFound(`run ${run.id}`)
  const forest = toForest(spans)
  const places = findPlaces(forest)
  const part = executions.find(({ number }) => number === execution)
  const startedAt = execution === null ? summary.startedAt : (part?.startedAt ?? null)
  const endedAt = execution === null ? summary.endedAt : (part?.endedAt ?? null)
  const isWanted = (span: ComparedSpan) => isIn(places.get(span), run.id, execution)
  const nodes =
    by === 'span'
      ? spanNodes(forest, { isWanted })
      : await stepNodes(ctx, wanted, { places, beganMs: Date.parse(startedAt ?? run.createdAt) })
  const side: ComparedSide = {
    runId: summary.id,
    traceId: summary.traceId,
    execution,
    executions: run.execution,
    name: run.agent,
    version: part === undefined ? run.version : part.version,
    status: part === undefined ? run.status : (part.outcome ?? run.status),
    // Of earlier executions only their steps and spans say what went wrong.
    error: execution === null || execution === run.execution ? summary.error : null,
    startedAt,
    durationMs: startedAt === null || endedAt === null ? null : round(Date.parse(endedAt) - Date.parse(startedAt)),
    ...(execution === null ? spentOf(summary) : sumOf(spans.filter(isWanted))),
    items: countNodes(nodes),
  }
  return { side, nodes }
}

const spentOf = ({ usage, cost }: RunSummary) => ({ tokens: usage.total, costUsd: cost.total })

/** Tokens and exact cost of the billable spans. */
export function sumOf(spans: readonly ComparedSpan[]): { tokens: number; costUsd: string | null } {
  const billable = spans.filter((span) => span.billable)
  return {
    tokens: billable.reduce((sum, span) => sum + span.tokens, 0),
    costUsd: billable.every((span) => span.priced) ? toUsd(billable.reduce((sum, span) => sum + span.cost, 0n)) : null,
  }
}

export function countNodes(nodes: readonly CompareNode[]): number {
  let count = 0
  const open = [...nodes]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    count += 1
    for (const child of node.children) open.push(child)
  }
  return count
}

function spanNodes(forest: SpanForest, options: { isWanted: (span: ComparedSpan) => boolean }): CompareNode[] {
  const nodes = toSpanNodes(forest, options)
  checkSize(countNodes(nodes), 'spans')
  return nodes
}

async function stepNodes(
  ctx: CollectorContext,
  { run, origins, execution, related }: Wanted,
  { places, beganMs }: { places: ReadonlyMap<ComparedSpan, Place>; beganMs: number },
): Promise<CompareNode[]> {
  const stepsOf = new Map<string, StepOutline[]>()
  const runs = new Map([run, ...origins].map((row) => [row.id, row]))
  const traceOfRun = new Map([...runs.values()].map((row) => [row.id, row.traceId]))
  let level = [...runs.keys()]
  let count = 0
  for (let depth = 0; level.length > 0 && depth < MOST_LEVELS; depth++) {
    const rows = depth === 0 ? await ownSteps(ctx, run, origins) : await listStepOutlines(ctx.pool, level, MOST_ITEMS + 1)
    count += rows.filter((row) => row.runId === run.id || !runs.has(row.runId)).length
    checkSize(count, 'steps')
    for (const id of level) stepsOf.set(id, [])
    for (const row of rows) stepsOf.get(row.runId)?.push(row)
    // What an origin called belongs to the origin's trace, as does what it called in turn.
    for (const row of rows) if (row.childRunId !== null) traceOfRun.set(row.childRunId, traceOfRun.get(row.runId) ?? run.traceId)
    level = [...new Set(rows.flatMap(({ childRunId }) => childRunId ?? []))].filter((id) => !stepsOf.has(id))
  }
  const takenOver = (id: string) => new Set((stepsOf.get(id) ?? []).flatMap((row) => (row.execution === 0 ? row.key : [])))
  const takenOverBy = new Map([...runs.keys()].map((id) => [id, takenOver(id)]))
  const traceOf = (runId: string, step: string): string | undefined => {
    let at = runs.get(runId)
    while (at !== undefined && takenOverBy.get(at.id)?.has(step)) at = runs.get(at.forkedFromRunId ?? '')
    return at?.traceId ?? traceOfRun.get(runId)
  }
  return toStepNodes({
    runId: run.id,
    side: { runId: run.id, traceId: run.traceId },
    traceOf,
    execution,
    stepsOf,
    spans: new StepSpans(places),
    beganMs,
    related,
  })
}

/**
 * Steps of a run and of those that it was forked from, each read for itself: many of the origins must not leave out its own.
 * @throws {CollectorError} `payload_too_large`, if the origins have too many
 */
async function ownSteps(ctx: CollectorContext, run: RunRow, origins: readonly RunRow[]): Promise<StepOutline[]> {
  const originIds = origins.map(({ id }) => id)
  const [own, before] = await Promise.all([
    listStepOutlines(ctx.pool, [run.id], MOST_ITEMS + 1),
    originIds.length === 0 ? [] : listStepOutlines(ctx.pool, originIds, MOST_OF_ORIGINS + 1),
  ])
  if (before.length > MOST_OF_ORIGINS)
    throw new CollectorError(
      'payload_too_large',
      `The runs that ${run.id} was forked from have more than ${MOST_OF_ORIGINS.toLocaleString('en')} steps together; a comparison reads at most so many of them. Compare by=span.`,
    )
  return [...own, ...before]
}

/** @throws {CollectorError} `payload_too_large` */
function checkSize(count: number, what: 'steps' | 'spans'): void {
  if (count > MOST_ITEMS)
    throw new CollectorError(
      'payload_too_large',
      `One side has more than ${MOST_ITEMS.toLocaleString('en')} ${what}; a comparison takes at most so many a side. ${what === 'spans' ? 'Compare by=step, or one execution (executionA, executionB).' : 'Compare one execution (executionA, executionB), or the states after a step.'}`,
    )
}
