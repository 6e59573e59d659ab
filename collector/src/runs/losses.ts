import { type Descendant, listDescendants } from '@cairn/prisma'
import type { RunSummary } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'
import type { CollectorContext } from '../context.ts'
import { addUsd, rerunCosts, type Spending, spendingOfRuns } from './spending.ts'

/** Statuses whose whole cost is lost: the run gave nothing for it. */
const WASTED = new Set(['failed', 'crashed', 'cancelled'])

export type Loss = Pick<RunSummary, 'lost' | 'lostUnpriced'>

interface Losing {
  readonly id: string
  readonly status: string
  readonly execution: number
}

const NOTHING: Loss = Object.freeze({ lost: '0', lostUnpriced: false })

/**
 * What each run lost: all that it cost, with the runs it called, where it went wrong; else its steps that had to run again, and what
 * the runs that it called lost. The same rule holds for groups of failures, the overview and the report of savings.
 * @param spending what each of these runs cost, with the runs it called
 * @param limitMs how long it may wait for what others cost
 */
export async function lossOfRuns(
  ctx: CollectorContext,
  projectId: string,
  { rows, spending, limitMs }: { rows: readonly Losing[]; spending: Promise<ReadonlyMap<string, Spending>>; limitMs?: number | undefined },
): Promise<Map<string, Loss>> {
  const losses = new Map<string, Loss>()
  const others = rows.filter((row) => !WASTED.has(row.status))
  const descendants = await listDescendants(
    ctx.pool,
    others.map((row) => row.id),
  )
  const below = Map.groupBy(descendants, (one) => one.ancestorId)
  const parts = others.map((row) => ({ row, ...partsOf(row, below.get(row.id) ?? []) }))
  const [ofRows, whole, again] = await Promise.all([
    spending,
    spendingOfRuns(ctx, projectId, [...new Set(parts.flatMap((part) => part.whole))], limitMs),
    rerunCosts(ctx, projectId, [...new Set(parts.flatMap((part) => part.again))], limitMs),
  ])
  for (const row of rows) if (WASTED.has(row.status)) losses.set(row.id, wholeLoss(ofRows.get(row.id)))
  for (const { row, ...part } of parts) {
    const wasted = part.whole.map((id) => wholeLoss(whole.get(id)))
    const rerun = part.again.map((id) => toLoss(again.get(id)?.usd ?? '0', (again.get(id)?.unpriced ?? 0) > 0))
    losses.set(row.id, addLosses([...wasted, ...rerun]))
  }
  return losses
}

/** Of the runs below one that went on: the topmost that went wrong, whose cost has all below it, and those whose steps may have run again. */
function partsOf(top: Losing, below: readonly Descendant[]) {
  const byParent = Map.groupBy(below, (run) => run.parentRunId)
  const whole: string[] = []
  const again: string[] = []
  const look: Losing[] = [top]
  for (let run = look.pop(); run !== undefined; run = look.pop())
    if (WASTED.has(run.status)) whole.push(run.id)
    else {
      if (run.execution > 1) again.push(run.id)
      look.push(...(byParent.get(run.id) ?? []))
    }
  return { whole, again }
}

const wholeLoss = (spending: Spending | undefined): Loss =>
  spending === undefined ? NOTHING : toLoss(spending.knownUsd, !spending.cost.priced)

/** The priced part; unknown only where nothing of it has a price. */
const toLoss = (lost: string, hasUnpriced: boolean): Loss => ({ lost, lostUnpriced: hasUnpriced && new Decimal(lost).isZero() })

const addLosses = (losses: readonly Loss[]): Loss =>
  toLoss(
    addUsd(losses.map((loss) => loss.lost)),
    losses.some((loss) => loss.lostUnpriced),
  )
