import type { ClickHouseClient } from '../client.ts'
import { costReport } from './reports/cost-report.ts'
import { hoursOf, runCosts, toLostUsd, WASTED, wastedRuns, wastedTrees } from './run-cost.ts'
import { runJson } from './run-json.ts'
import { trimDecimal } from './usage-columns.ts'

export interface Overview {
  readonly runs: number
  readonly succeeded: number
  readonly failed: number
  readonly crashed: number
  /** Milliseconds in which finished runs were worked on: without what lay between a failure and a resume. Null without any. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly tokens: number
  /** US dollars, the priced part; null: no price is known of anything. */
  readonly costUsd: string | null
  /** Billable spans without a price. */
  readonly unpriced: number
  /** The priced part; null: something was lost, and nothing of it has a price. */
  readonly lostUsd: string | null
  readonly savedUsd: string
}

const between = (column: string): string =>
  `${column} >= parseDateTime64BestEffort({from:String}, 6) AND ${column} < parseDateTime64BestEffort({to:String}, 6)`
const IN_RANGE = `project_id = {projectId:UUID} AND ${between('created_at')}`

const RUNS_AGAIN = `SELECT toString(run_id) AS id FROM runs FINAL WHERE ${IN_RANGE} AND executions > 1 AND status NOT IN ${WASTED}`

/** What traces of no run cost whose root is in error: those that failures are made of. */
const LOST_IN_TRACES = `SELECT sum(cost_total) AS cost, toInt64(sum(trace_costs.unpriced)) AS unknown FROM trace_costs
  WHERE project_id = {projectId:UUID} AND ${hoursOf('trace_costs.hour')}
    AND trace_id IN (SELECT trace_id FROM error_spans WHERE project_id = {projectId:UUID} AND ${between('start_time')} AND parent_span_id = '')
    AND trace_id NOT IN (SELECT trace_id FROM failures WHERE project_id = {projectId:UUID}
      AND failed_at >= parseDateTime64BestEffort({from:String}, 9) - INTERVAL 1 DAY)`

/** Apart, since most lost runs went wrong whole: their cost is a sum, without a look at which steps ran again. */
const LOST = `SELECT sum(cost) AS lost, sum(unknown) AS unpriced FROM (
  SELECT sum(cost_total) AS cost, toInt64(sum(run_usage.unpriced)) AS unknown FROM run_usage
  WHERE project_id = {projectId:UUID} AND run_id IN (${wastedRuns(between('created_at'))})
  UNION ALL
  SELECT sum(rerun) AS cost, sum(rerun_unknown) AS unknown
  FROM (${runCosts(`run_id IN (SELECT id FROM (${RUNS_AGAIN}) WHERE id NOT IN (${wastedTrees(between('created_at'))}))`)})
  UNION ALL
  ${LOST_IN_TRACES})`

/** The numbers of a project in a range of time. */
export async function getOverview(client: ClickHouseClient, input: { projectId: string; from: string; to: string }): Promise<Overview> {
  const [[runs], [spent], [lost]] = await Promise.all([
    runJson<Record<string, string | number | null>>(
      client,
      `SELECT count() AS runs, countIf(status = 'succeeded') AS succeeded, countIf(status = 'failed') AS failed,
         countIf(status = 'crashed') AS crashed, sum(saved_usd) AS saved,
         quantilesExactIf(0.5, 0.95)(coalesce(toInt64(active_ms), date_diff('millisecond', started_at, ended_at)), ended_at IS NOT NULL AND started_at IS NOT NULL) AS times,
         times[1] AS p50, times[2] AS p95,
         countIf(ended_at IS NOT NULL) AS ended
       FROM runs FINAL WHERE ${IN_RANGE} AND parent_run_id = ''`,
      input,
    ),
    costReport(client, { ...input, groupBy: [], filter: {} }),
    runJson<{ lost: string; unpriced: string }>(client, LOST, input),
  ])
  const number = (name: string) => Number(runs?.[name] ?? 0)
  const duration = (name: string) => (number('ended') === 0 ? null : number(name))
  return {
    runs: number('runs'),
    succeeded: number('succeeded'),
    failed: number('failed'),
    crashed: number('crashed'),
    p50Ms: duration('p50'),
    p95Ms: duration('p95'),
    tokens: Number(spent?.totalTokens ?? 0),
    costUsd: spent === undefined ? '0' : (spent.cost as string | null),
    unpriced: Number(spent?.unpricedCalls ?? 0),
    lostUsd: toLostUsd(lost?.lost, lost?.unpriced),
    savedUsd: trimDecimal(String(runs?.saved ?? '0')),
  }
}
