import { getRunUsage, getStepUsage } from '@cairn/clickhouse'
import type { Cost, Usage } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'
import type { CollectorContext } from '../context.ts'

export const NO_USAGE: Usage = Object.freeze({
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  images: 0,
  requests: 0,
  total: 0,
})

/** What had no model call cost nothing, and that is known. */
export const NO_COST: Cost = Object.freeze({ total: '0', parts: {}, priced: true })

/** What a run or step used and cost, summed over its billable spans. */
export interface Spending {
  readonly usage: Usage
  readonly cost: Cost
  /** The priced part, in US dollars: what is known where a price is missing. */
  readonly knownUsd: string
}

/** Sum of exact decimals. */
export const addUsd = (amounts: readonly string[]): string => Decimal.sum(0, ...amounts).toFixed()

/** By run id. When ClickHouse is away the runs are still shown, without figures. */
export async function spendingOfRuns(ctx: CollectorContext, projectId: string, runIds: readonly string[]): Promise<Map<string, Spending>> {
  try {
    return await getRunUsage(ctx.clickhouse, { projectId, runIds: [...runIds] })
  } catch (error) {
    ctx.log.warn({ err: error }, 'usage of runs is unknown: ClickHouse did not answer')
    return new Map()
  }
}

/** By step key. */
export async function spendingOfSteps(ctx: CollectorContext, projectId: string, runId: string): Promise<Map<string, Spending>> {
  try {
    return await getStepUsage(ctx.clickhouse, { projectId, runId })
  } catch (error) {
    ctx.log.warn({ err: error }, 'usage of steps is unknown: ClickHouse did not answer')
    return new Map()
  }
}
