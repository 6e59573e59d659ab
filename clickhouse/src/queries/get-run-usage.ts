import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'
import { type CostSums, readCost, readUsage, sumUsage, trimDecimal, type UsageSums } from './usage-columns.ts'

/** What was used and spent, summed over billable spans. */
export interface SpendingSums {
  readonly usage: UsageSums
  readonly cost: CostSums
  /** The priced part, in US dollars: what is known where a price is missing. */
  readonly knownUsd: string
}

interface Row {
  readonly key: string
  readonly cost: string
  readonly parts: Record<string, string>
  readonly unpriced: string
}

const SUMS = `${sumUsage()}, sum(cost_total) AS cost, sumMap(cost_parts) AS parts, sum(run_usage.unpriced) AS unpriced`

const toMap = (rows: readonly Row[]) =>
  new Map<string, SpendingSums>(
    rows.map((row) => [row.key, { usage: readUsage(row as never), cost: readCost(row), knownUsd: trimDecimal(row.cost) }]),
  )

/** What each of some runs used and cost, by run id. A run without billable spans is not in it. */
export async function getRunUsage(
  client: ClickHouseClient,
  input: { projectId: string; runIds: string[] },
): Promise<Map<string, SpendingSums>> {
  const query = `SELECT run_id AS key, ${SUMS}
    FROM run_usage WHERE project_id = {projectId:UUID} AND run_id IN {runIds:Array(String)} GROUP BY run_id`
  return toMap(await runJson<Row>(client, query, input))
}

/** What each step of a run used and cost, by step key; spans outside steps under the empty key. */
export async function getStepUsage(
  client: ClickHouseClient,
  input: { projectId: string; runId: string },
): Promise<Map<string, SpendingSums>> {
  const query = `SELECT step_key AS key, ${SUMS}
    FROM run_usage WHERE project_id = {projectId:UUID} AND run_id = {runId:String} GROUP BY step_key`
  return toMap(await runJson<Row>(client, query, input))
}
