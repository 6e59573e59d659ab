import type { ClickHouseClient } from '../../client.ts'
import { runCosts, toLostUsd, WASTED } from '../run-cost.ts'
import { runJson } from '../run-json.ts'
import { type FailureScope, failureEvents } from './failure-events.ts'
import { toTime } from './list-failure-groups.ts'

/** What happened to a group since something was decided about it. */
export interface SinceDecision {
  /** Failures since then. */
  readonly count: number
  /** Version → when the first execution that began after the decision failed; RFC 3339. */
  readonly firstByVersion: ReadonlyMap<string, string>
}

/** By group; one that has not failed since is not in it. */
export async function getSinceDecisions(
  client: ClickHouseClient,
  scope: FailureScope,
  decisions: readonly { readonly group: string; readonly decidedAt: string }[],
): Promise<Map<string, SinceDecision>> {
  if (decisions.length === 0) return new Map()
  const { sql, params } = failureEvents({ ...scope, groups: decisions.map(({ group }) => group) })
  const query = `SELECT grp AS group, countIf(failed_at > decided) AS n, mapApply((version, at) -> (version, toString(at)), minMapIf(map(agent_version, failed_at), began_at > decided)) AS firsts
    FROM (SELECT *, parseDateTime64BestEffort(transform(grp, {decidedGroups:Array(String)}, {decidedTimes:Array(String)}, '2200-01-01T00:00:00Z'), 6) AS decided
      FROM (${sql})) GROUP BY grp`
  const rows = await runJson<{ group: string; n: string; firsts: Record<string, string> }>(client, query, {
    ...params,
    decidedGroups: decisions.map(({ group }) => group),
    decidedTimes: decisions.map(({ decidedAt }) => decidedAt),
  })
  return new Map(
    rows.map(({ group, n, firsts }) => [
      group,
      { count: Number(n), firstByVersion: new Map(Object.entries(firsts).map(([version, at]) => [version, toTime(at)])) },
    ]),
  )
}

/** Group (not of merged ones: each its own) → when it was first seen, as far as failures are kept. RFC 3339. */
export async function getFirstSeen(
  client: ClickHouseClient,
  input: { projectId: string; groups: readonly string[] },
): Promise<Map<string, string>> {
  if (input.groups.length === 0) return new Map()
  const where = `project_id = {projectId:UUID} AND error_group IN {groups:Array(String)}`
  const query = `SELECT error_group AS group, toString(min(at)) AS first FROM (
      SELECT error_group, min(failed_at) AS at FROM failures WHERE ${where} GROUP BY error_group
      UNION ALL
      SELECT error_group, min(CAST(end_time, 'DateTime64(6, \\'UTC\\')')) AS at FROM error_spans WHERE ${where} GROUP BY error_group
    ) GROUP BY error_group`
  const rows = await runJson<{ group: string; first: string }>(client, query, input)
  return new Map(rows.map(({ group, first }) => [group, toTime(first)]))
}

export interface FailureLoss {
  /** US dollars, the priced part; null: nothing of it has a price. */
  readonly lost: string | null
  readonly unpriced: number
}

/**
 * What the failures of each group wasted: all that a run cost which came to nothing, of the others the steps that had to run again, and
 * what failed traces of no run cost.
 */
export async function getFailureLosses(client: ClickHouseClient, scope: FailureScope): Promise<Map<string, FailureLoss>> {
  const events = failureEvents(scope)
  const { runs, traces } = scope.kinds ?? { runs: true, traces: true }
  const ofRuns = `SELECT DISTINCT grp, run_id FROM (${events.ofRuns})`
  const ofTraces = `SELECT DISTINCT grp, trace_id FROM (${events.ofTraces})`
  const lossOfRuns = `SELECT e.grp AS grp, CAST(if(r.status IN ${WASTED}, c.cost, c.rerun), 'Decimal(38, 12)') AS usd,
        if(r.status IN ${WASTED}, c.unknown, c.rerun_unknown) AS missing
      FROM (${ofRuns}) AS e
      INNER JOIN (SELECT toString(run_id) AS id, status FROM runs FINAL WHERE project_id = {projectId:UUID}
        AND toString(run_id) IN (SELECT run_id FROM (${ofRuns}))) AS r ON r.id = e.run_id
      INNER JOIN (${runCosts(`run_id IN (SELECT run_id FROM (${ofRuns}))`)}) AS c ON c.run_id = e.run_id`
  const lossOfTraces = `SELECT e.grp AS grp, CAST(s.usd, 'Decimal(38, 12)') AS usd, toInt64(s.missing) AS missing FROM (${ofTraces}) AS e
      INNER JOIN (
        SELECT toString(trace_id) AS id, sum(CAST(cost_total, 'Decimal(38, 12)')) AS usd, countIf(priced = 0) AS missing
        FROM spans FINAL WHERE project_id = {projectId:UUID} AND billable = 1 AND run_id = ''
          AND start_time >= parseDateTime64BestEffort({from:String}, 9)
          AND start_time < parseDateTime64BestEffort({to:String}, 9) + INTERVAL 1 DAY
          AND toString(trace_id) IN (${events.mayBeTraces}) GROUP BY trace_id
      ) AS s ON s.id = e.trace_id`
  const halves = [...(runs ? [lossOfRuns] : []), ...(traces ? [lossOfTraces] : [])]
  if (halves.length === 0) return new Map()
  const query = `SELECT grp AS group, toString(sum(usd)) AS lost, sum(missing) AS unpriced FROM (${halves.join(' UNION ALL ')}) GROUP BY grp`
  const rows = await runJson<{ group: string; lost: string; unpriced: string }>(client, query, events.params)
  return new Map(rows.map((row) => [row.group, { lost: toLostUsd(row.lost, row.unpriced), unpriced: Number(row.unpriced) }]))
}
