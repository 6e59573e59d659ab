import type { ClickHouseClient } from '../../client.ts'
import { runCosts } from '../run-cost.ts'
import { runJson } from '../run-json.ts'
import { trimDecimal } from '../usage-columns.ts'
import { type FailureScope, failureEvents } from './failure-events.ts'
import { toTime } from './list-failure-groups.ts'

export interface FailureVersionRow {
  readonly version: string
  readonly count: number
  /** RFC 3339. */
  readonly firstSeen: string
  readonly lastSeen: string
}

/** Failures of one group by version, newest first; at most 100. */
export async function getFailureVersions(client: ClickHouseClient, scope: FailureScope): Promise<FailureVersionRow[]> {
  const { sql, params } = failureEvents(scope)
  const query = `SELECT agent_version AS version, count() AS n, toString(min(failed_at)) AS first, toString(max(failed_at)) AS last
    FROM (${sql}) GROUP BY agent_version ORDER BY last DESC LIMIT 100`
  const rows = await runJson<{ version: string; n: string; first: string; last: string }>(client, query, params)
  return rows.map(({ version, n, first, last }) => ({ version, count: Number(n), firstSeen: toTime(first), lastSeen: toTime(last) }))
}

/** Users that met one group most, at most 5. */
export async function getFailureUsers(client: ClickHouseClient, scope: FailureScope): Promise<{ id: string; count: number }[]> {
  const { sql, params } = failureEvents(scope)
  const query = `SELECT user_id AS id, count() AS n FROM (${sql}) WHERE user_id != '' GROUP BY id ORDER BY n DESC, id LIMIT 5`
  return (await runJson<{ id: string; n: string }>(client, query, params)).map(({ id, n }) => ({ id, count: Number(n) }))
}

export interface FailurePartRow {
  readonly group: string
  readonly errorType: string
  readonly errorMessage: string
  readonly agent: string
  /** The agent that its fingerprint was made of: empty where `agent` is a service. */
  readonly ownAgent: string
  readonly step: string
  readonly count: number
}

/** Groups as their fingerprints made them, merged or not, with the newest failure of each; most frequent first. */
export async function listFailureParts(client: ClickHouseClient, scope: FailureScope, limit: number): Promise<FailurePartRow[]> {
  const { sql, params } = failureEvents(scope)
  const query = `SELECT own AS group, argMax(error_type, failed_at) AS errorType, argMax(error_message, failed_at) AS errorMessage,
      argMax(agent, failed_at) AS newestAgent, argMax(own_agent, failed_at) AS newestOwnAgent, argMax(step, failed_at) AS newestStep, count() AS n
    FROM (${sql}) GROUP BY own ORDER BY n DESC, own LIMIT {limit:UInt32}`
  const rows = await runJson<Record<string, string>>(client, query, { ...params, limit })
  return rows.map((row) => ({
    group: row.group ?? '',
    errorType: row.errorType ?? '',
    errorMessage: row.errorMessage ?? '',
    agent: row.newestAgent ?? '',
    ownAgent: row.newestOwnAgent ?? '',
    step: row.newestStep ?? '',
    count: Number(row.n),
  }))
}

export interface FailureEventRow {
  /** Empty: its trace belongs to no run. */
  readonly runId: string
  readonly execution: number
  readonly traceId: string
  /** The span that failed, of a trace of no run; else empty. */
  readonly spanId: string
  readonly group: string
  /** RFC 3339. */
  readonly failedAt: string
  readonly durationMs: number
  readonly agent: string
  readonly version: string
  readonly step: string
  readonly errorType: string
  readonly errorMessage: string
}

/** The newest failures. */
export async function listFailureEvents(client: ClickHouseClient, scope: FailureScope, limit: number): Promise<FailureEventRow[]> {
  const { sql, params } = failureEvents(scope)
  const query = `SELECT run_id AS runId, execution, trace_id AS traceId, span_id AS spanId, own AS group, toString(failed_at) AS failed,
      greatest(0, date_diff('millisecond', began_at, failed_at)) AS durationMs, agent, agent_version AS version, step, error_type AS errorType,
      error_message AS errorMessage
    FROM (${sql}) ORDER BY failed_at DESC, trace_id LIMIT {limit:UInt32}`
  const rows = await runJson<Omit<FailureEventRow, 'failedAt' | 'durationMs'> & { failed: string; durationMs: string }>(client, query, {
    ...params,
    limit,
  })
  return rows.map(({ failed, durationMs, ...row }) => ({ ...row, failedAt: toTime(failed), durationMs: Number(durationMs) }))
}

/** Run id → what it cost itself, in US dollars; null where a price is missing. A run without calls is not in it. */
export async function getRunCosts(
  client: ClickHouseClient,
  input: { projectId: string; runIds: string[] },
): Promise<Map<string, string | null>> {
  if (input.runIds.length === 0) return new Map()
  const query = `SELECT run_id AS id, toString(cost) AS usd, unknown FROM (${runCosts('run_id IN {runIds:Array(String)}')})`
  const rows = await runJson<{ id: string; usd: string; unknown: string }>(client, query, input)
  return new Map(rows.map(({ id, usd, unknown }) => [id, Number(unknown) > 0 ? null : trimDecimal(usd)]))
}

export interface FailedSpanRow {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly runId: string
  readonly execution: number
  readonly stepKey: string
  /** Nanoseconds since 1970, as a decimal number. */
  readonly endNs: string
}

/** Spans of some traces that failed or were cut off, at most 5,000. */
export async function listFailedSpans(
  client: ClickHouseClient,
  input: { projectId: string; traceIds: string[] },
): Promise<FailedSpanRow[]> {
  if (input.traceIds.length === 0) return []
  const query = `SELECT trace_id AS traceId, span_id AS spanId, parent_span_id AS parentSpanId, run_id AS runId, execution, step_key AS stepKey,
      toString(toUnixTimestamp64Nano(end_time)) AS endNs
    FROM spans FINAL WHERE project_id = {projectId:UUID} AND trace_id IN {traceIds:Array(String)} AND (status = 'error' OR interrupted = 1)
    ORDER BY start_time LIMIT 5000 SETTINGS use_skip_indexes_if_final = 1`
  return runJson<FailedSpanRow>(client, query, input)
}
