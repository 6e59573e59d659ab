import { getRunUsage, getStepUsage } from '@cairn/clickhouse'
import { listDescendants } from '@cairn/prisma'
import type { Cost, Usage } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'
import type { CollectorContext } from '../context.ts'
import { settleSpans } from '../ingest/write-spans.ts'

/** What a run or step used and cost, summed over its billable spans. */
export interface Spending {
  readonly usage: Usage
  readonly cost: Cost
  /** The priced part, in US dollars: what is known where a price is missing. */
  readonly knownUsd: string
}

/** Sum of exact decimals. */
export const addUsd = (amounts: readonly string[]): string => Decimal.sum(0, ...amounts).toFixed()

const add = (a: Spending, b: Spending): Spending => {
  const parts = new Set([...Object.keys(a.cost.parts), ...Object.keys(b.cost.parts)])
  const keys = Object.keys(a.usage) as (keyof Usage)[]
  return {
    usage: Object.fromEntries(keys.map((key) => [key, a.usage[key] + b.usage[key]])) as unknown as Usage,
    cost: {
      total: a.cost.total === null || b.cost.total === null ? null : addUsd([a.cost.total, b.cost.total]),
      parts: Object.fromEntries([...parts].map((part) => [part, addUsd([a.cost.parts[part] ?? '0', b.cost.parts[part] ?? '0'])])),
      priced: a.cost.priced && b.cost.priced,
    },
    knownUsd: addUsd([a.knownUsd, b.knownUsd]),
  }
}

/** What each run used and cost, with the runs it called. When ClickHouse is away the runs are still shown, without figures. */
export async function spendingOfRuns(ctx: CollectorContext, projectId: string, runIds: readonly string[]): Promise<Map<string, Spending>> {
  const descendants = await listDescendants(ctx.pool, runIds)
  const own = await ask(ctx, () => getRunUsage(ctx.clickhouse, { projectId, runIds: [...runIds, ...descendants.map((d) => d.runId)] }))
  const sums = new Map<string, Spending>()
  const put = (runId: string, spending: Spending | undefined) => {
    if (spending === undefined) return
    const before = sums.get(runId)
    sums.set(runId, before === undefined ? spending : add(before, spending))
  }
  for (const runId of runIds) put(runId, own.get(runId))
  for (const { runId, ancestorId } of descendants) put(ancestorId, own.get(runId))
  return sums
}

/** By step key; a step that called another run has what that cost. */
export async function spendingOfSteps(
  ctx: CollectorContext,
  run: { readonly id: string; readonly projectId: string },
  steps: readonly { readonly key: string; readonly childRunId: string | null }[],
): Promise<Map<string, Spending>> {
  const children = steps.flatMap((step) => (step.childRunId === null ? [] : [{ key: step.key, runId: step.childRunId }]))
  const [own, called] = await Promise.all([
    ask(ctx, () => getStepUsage(ctx.clickhouse, { projectId: run.projectId, runId: run.id })),
    spendingOfRuns(
      ctx,
      run.projectId,
      children.map((child) => child.runId),
    ),
  ])
  for (const child of children) {
    const spending = called.get(child.runId)
    const before = own.get(child.key)
    if (spending !== undefined) own.set(child.key, before === undefined ? spending : add(before, spending))
  }
  return own
}

async function ask(ctx: CollectorContext, question: () => Promise<Map<string, Spending>>): Promise<Map<string, Spending>> {
  try {
    // What was sent before the question counts: an SDK sends a run's spans before its outcome.
    await settleSpans(ctx)
    return await question()
  } catch (error) {
    ctx.log.warn({ err: error }, 'usage is unknown: ClickHouse did not answer')
    return new Map()
  }
}
