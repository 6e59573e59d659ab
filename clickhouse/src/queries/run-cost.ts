import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'
import { trimDecimal } from './usage-columns.ts'

/** Statuses whose whole cost is lost: the run gave nothing for it. */
export const WASTED = `('failed', 'crashed', 'cancelled')`

/**
 * SQL of what each run cost (`cost`), and of that the part of steps which had to run again in a later execution (`rerun`); of both
 * how many calls have no price (`unknown`, `rerun_unknown`).
 * @param where further conditions on `run_usage`
 */
export const runCosts = (where: string): string => `
  SELECT run_id, sum(step_cost) AS cost, sumIf(step_cost, execution < last AND step_key != '') AS rerun,
    toInt64(sum(step_unknown)) AS unknown, toInt64(sumIf(step_unknown, execution < last AND step_key != '')) AS rerun_unknown FROM (
    SELECT run_id, step_key, execution, sum(cost_total) AS step_cost, sum(unpriced) AS step_unknown, max(execution) OVER (PARTITION BY run_id, step_key) AS last
    FROM run_usage WHERE project_id = {projectId:UUID} AND ${where} GROUP BY run_id, step_key, execution
  ) GROUP BY run_id`

/** The priced part of what was lost; null where nothing of it has a price. */
export const toLostUsd = (usd: string | undefined, unpriced: string | number | undefined): string | null => {
  const trimmed = trimDecimal(usd ?? '0')
  return trimmed === '0' && Number(unpriced ?? 0) > 0 ? null : trimmed
}

/** Run id → US dollars of executions whose steps had to run again. Runs without any are not in it. */
export async function getRerunUsd(client: ClickHouseClient, input: { projectId: string; runIds: string[] }): Promise<Map<string, string>> {
  const rows = await runJson<{ run_id: string; usd: string }>(
    client,
    `SELECT run_id, toString(rerun) AS usd FROM (${runCosts('run_id IN {runIds:Array(String)}')}) WHERE rerun > 0`,
    input,
  )
  return new Map(rows.map((row) => [row.run_id, trimDecimal(row.usd)]))
}
