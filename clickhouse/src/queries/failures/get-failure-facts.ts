import type { ClickHouseClient } from '../../client.ts'
import { calledRuns, hoursOf, runCosts, toLostUsd, WASTED } from '../run-cost.ts'
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
 * What the failures of each group wasted: all that a run cost which came to nothing, with the runs that it called; of the others the
 * steps that had to run again; and what failed traces of no run cost. Each run counts once in a group.
 */
export async function getFailureLosses(client: ClickHouseClient, scope: FailureScope): Promise<Map<string, FailureLoss>> {
  const events = failureEvents(scope)
  const { runs, traces } = scope.kinds ?? { runs: true, traces: true }
  const ofRuns = `SELECT DISTINCT grp, run_id FROM (${events.ofRuns})`
  const ofTraces = `SELECT DISTINCT grp, trace_id FROM (${events.ofTraces})`
  // A run and those that it called are of one trace.
  const called = calledRuns(`toString(trace_id) IN (SELECT trace_id FROM (${events.ofRuns}))`)
  const lossOfRuns = `SELECT t.grp AS grp, CAST(if(t.wasted, c.cost, c.rerun), 'Decimal(38, 12)') AS usd,
        if(t.wasted, c.unknown, c.rerun_unknown) AS missing
      FROM (
        WITH RECURSIVE tree AS (
          SELECT e.grp AS grp, r.id AS id, r.wasted AS wasted FROM (${ofRuns}) AS e
          INNER JOIN (SELECT toString(run_id) AS id, status IN ${WASTED} AS wasted FROM runs FINAL WHERE project_id = {projectId:UUID}
            AND toString(run_id) IN (SELECT run_id FROM (${ofRuns}))) AS r ON r.id = e.run_id
          UNION ALL
          SELECT DISTINCT tree.grp AS grp, called.id AS id, greatest(tree.wasted, called.wasted) AS wasted
          FROM (${called}) AS called INNER JOIN tree ON tree.id = called.parent)
        SELECT grp, id, max(wasted) AS wasted FROM tree GROUP BY grp, id) AS t
      INNER JOIN (${runCosts(`run_id IN (SELECT run_id FROM (${ofRuns}) UNION ALL SELECT id FROM (${called}))`)}) AS c ON c.run_id = t.id`
  const lossOfTraces = `SELECT e.grp AS grp, CAST(c.usd, 'Decimal(38, 12)') AS usd, toInt64(c.missing) AS missing FROM (${ofTraces}) AS e
      INNER JOIN (
        SELECT toString(trace_id) AS id, sum(cost_total) AS usd, sum(trace_costs.unpriced) AS missing FROM trace_costs
        WHERE project_id = {projectId:UUID} AND ${hoursOf('hour')} AND toString(trace_id) IN (${events.mayBeTraces}) GROUP BY trace_id
      ) AS c ON c.id = e.trace_id`
  const halves = [...(runs ? [lossOfRuns] : []), ...(traces ? [lossOfTraces] : [])]
  if (halves.length === 0) return new Map()
  const query = `SELECT grp AS group, toString(sum(usd)) AS lost, sum(missing) AS unpriced FROM (${halves.join(' UNION ALL ')}) GROUP BY grp`
  const rows = await runJson<{ group: string; lost: string; unpriced: string }>(client, query, events.params)
  return new Map(rows.map((row) => [row.group, { lost: toLostUsd(row.lost, row.unpriced), unpriced: Number(row.unpriced) }]))
}
