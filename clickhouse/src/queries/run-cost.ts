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

/**
 * SQL of runs that other runs called: `id`, `parent`, and whether they are `wasted` by their own status. Few where few agents call
 * others, so their versions are told apart here, not by FINAL over all runs.
 * @param where further conditions on `runs`, of columns that never change
 */
export const calledRuns = (where: string): string => `
  SELECT toString(called.run_id) AS id, any(parent_run_id) AS parent, argMax(called.status, called.version) IN ${WASTED} AS wasted
  FROM runs AS called WHERE project_id = {projectId:UUID} AND parent_run_id != '' AND ${where} GROUP BY called.run_id`

/**
 * SQL of the ids of runs that lost all they cost: those that went wrong, and whatever they called, at any depth and however that ended.
 * @param where further conditions on `runs`, of columns that never change
 */
export const wastedRuns = (where: string): string => withCalled(where, '')

/** The same of those that called others, and of what they called: all that the status alone doesn't tell, and mostly few. */
export const wastedTrees = (where: string): string =>
  withCalled(
    where,
    `AND toString(run_id) IN (SELECT parent_run_id FROM runs WHERE project_id = {projectId:UUID} AND parent_run_id != '' AND ${where})`,
  )

const withCalled = (where: string, first: string): string => `
  WITH RECURSIVE whole AS (
    SELECT toString(run_id) AS id FROM runs FINAL WHERE project_id = {projectId:UUID} AND ${where} AND status IN ${WASTED} ${first}
    UNION ALL
    SELECT DISTINCT c.id AS id FROM (${calledRuns(where)}) AS c INNER JOIN whole ON whole.id = c.parent)
  SELECT id FROM whole`

/** Of traces that began in the range, where they go on for a day at most. */
export const hoursOf = (column: string): string => `${column} >= toStartOfHour(parseDateTimeBestEffort({from:String}, 'UTC'))
    AND ${column} < parseDateTimeBestEffort({to:String}, 'UTC') + INTERVAL 1 DAY`

/** The priced part of what was lost; null where nothing of it has a price. */
export const toLostUsd = (usd: string | undefined, unpriced: string | number | undefined): string | null => {
  const trimmed = trimDecimal(usd ?? '0')
  return trimmed === '0' && Number(unpriced ?? 0) > 0 ? null : trimmed
}

export interface RerunCost {
  /** US dollars, the priced part. */
  readonly usd: string
  /** Calls without a price. */
  readonly unpriced: number
}

/** Run id → what executions cost whose steps had to run again. Runs without any are not in it. */
export async function getRerunCosts(
  client: ClickHouseClient,
  input: { projectId: string; runIds: string[] },
): Promise<Map<string, RerunCost>> {
  const rows = await runJson<{ run_id: string; usd: string; unpriced: string }>(
    client,
    `SELECT run_id, toString(rerun) AS usd, rerun_unknown AS unpriced FROM (${runCosts('run_id IN {runIds:Array(String)}')})
     WHERE rerun > 0 OR rerun_unknown > 0`,
    input,
  )
  return new Map(rows.map((row) => [row.run_id, { usd: trimDecimal(row.usd), unpriced: Number(row.unpriced) }]))
}
