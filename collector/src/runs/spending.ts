import { getRerunCosts, getRunUsage, getStepUsage, type RerunCost } from '@cairn/clickhouse'
import { listDescendants } from '@cairn/prisma'
import { type Cost, NO_USAGE, type Usage } from '@cairn/sdk/protocol'
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

/** Of what nobody can be asked for now. */
const UNKNOWN: Spending = Object.freeze({ usage: NO_USAGE, cost: { total: null, parts: {}, priced: false }, knownUsd: '0' })

/** Whether ClickHouse has answered: what is unknown must not be stored as nothing. */
export const isKnown = (spending: Iterable<Spending>): boolean => ![...spending].includes(UNKNOWN)

/** Ids go into the address of the request, which has a limit. */
const RUNS_A_QUESTION = 5_000

/** How long a page waits for figures, in milliseconds. */
const READ_MS = 10_000
/** How long the answer to a command does: what was asked for is done by then. */
export const COMMAND_MS = 300

/** Sum of exact decimals. */
export const addUsd = (amounts: readonly string[]): string => Decimal.sum(0, ...amounts).toFixed()

const add = (a: Spending, b: Spending): Spending => {
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN
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

/** What each run used and cost, with the runs it called. When ClickHouse is away the runs are still shown, with costs unknown. */
export async function spendingOfRuns(
  ctx: CollectorContext,
  projectId: string,
  runIds: readonly string[],
  limitMs = READ_MS,
): Promise<Map<string, Spending>> {
  if (runIds.length === 0) return new Map()
  const descendants = await listDescendants(ctx.pool, runIds)
  const all = [...new Set([...runIds, ...descendants.map((d) => d.id)])]
  const own = await ask({ ctx, keys: all, limitMs }, async () => {
    const sums = new Map<string, Spending>()
    for (let at = 0; at < all.length; at += RUNS_A_QUESTION)
      for (const [id, sum] of await getRunUsage(ctx.clickhouse, { projectId, runIds: all.slice(at, at + RUNS_A_QUESTION) }))
        sums.set(id, sum)
    return sums
  })
  const sums = new Map<string, Spending>()
  const put = (runId: string, spending: Spending | undefined) => {
    if (spending === undefined) return
    const before = sums.get(runId)
    sums.set(runId, before === undefined ? spending : add(before, spending))
  }
  for (const runId of runIds) put(runId, own.get(runId))
  for (const { id, ancestorId } of descendants) put(ancestorId, own.get(id))
  return sums
}

/** What each run spent on steps that had to run again in a later execution; runs of one execution need not be asked. */
export async function rerunCosts(
  ctx: CollectorContext,
  projectId: string,
  runIds: string[],
  limitMs = READ_MS,
): Promise<Map<string, RerunCost>> {
  if (runIds.length === 0) return new Map()
  const sums = await within(limitMs, () => settleSpans(ctx).then(() => getRerunCosts(ctx.clickhouse, { projectId, runIds }))).catch(
    () => undefined,
  )
  return sums ?? new Map()
}

/** By step key; a step that called another run has what that cost. */
export async function spendingOfSteps(
  ctx: CollectorContext,
  run: { readonly id: string; readonly projectId: string },
  steps: readonly { readonly key: string; readonly childRunId: string | null }[],
): Promise<Map<string, Spending>> {
  const children = steps.flatMap((step) => (step.childRunId === null ? [] : [{ key: step.key, runId: step.childRunId }]))
  const [own, called] = await Promise.all([
    ask({ ctx, keys: steps.map(({ key }) => key), limitMs: READ_MS }, () =>
      getStepUsage(ctx.clickhouse, { projectId: run.projectId, runId: run.id }),
    ),
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

/** `keys`: of what is unknown where there is no answer in time. */
async function ask(
  { ctx, keys, limitMs }: { ctx: CollectorContext; keys: readonly string[]; limitMs: number },
  question: () => Promise<Map<string, Spending>>,
): Promise<Map<string, Spending>> {
  try {
    // What was sent before the question counts: an SDK sends a run's spans before its outcome.
    return await within(limitMs, () => settleSpans(ctx).then(question))
  } catch (error) {
    ctx.log.warn({ err: error }, 'usage is unknown: ClickHouse did not answer')
    return new Map(keys.map((key) => [key, UNKNOWN]))
  }
}

/** @throws when it takes longer */
async function within<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(() => limit.reject(new Error(`No answer in ${limitMs} ms.`)), limitMs)
  try {
    return await Promise.race([work(), limit.promise])
  } finally {
    clearTimeout(timer)
  }
}
