import type { ClickHouseClient } from '../../client.ts'
import { runJson } from '../run-json.ts'
import { type FailureScope, failureEvents } from './failure-events.ts'

export interface FailureGroupRow {
  readonly group: string
  readonly errorType: string
  /** Of the newest, as agent and step are. */
  readonly errorMessage: string
  readonly agent: string
  /** The agent that its fingerprint was made of: empty where `agent` is a service. */
  readonly ownAgent: string
  readonly step: string
  readonly count: number
  /** Runs among them. */
  readonly runs: number
  /** Traces of no run among them. */
  readonly traces: number
  /** RFC 3339. */
  readonly firstSeen: string
  readonly lastSeen: string
  /** Newest first. */
  readonly versions: string[]
  /** Failures by interval of the range. */
  readonly trend: number[]
  readonly users: number
  readonly sessions: number
}

export interface FailureGroupList {
  readonly rows: FailureGroupRow[]
  readonly isCut: boolean
}

/** Groups of a project that are looked at: the most frequent. */
const MOST_GROUPS = 5_000

export interface ListFailureGroups extends FailureScope {
  /** Text sought in type, message, agent and step. */
  readonly q?: string | undefined
  readonly intervalSeconds: number
}

/** RFC 3339 of a time as ClickHouse writes it. */
export const toTime = (text: string): string => `${text.replace(' ', 'T')}Z`

/** Groups of failures in a range of time, most frequent first. */
export async function listFailureGroups(client: ClickHouseClient, input: ListFailureGroups): Promise<FailureGroupList> {
  const intervals = Math.max(1, Math.ceil((Date.parse(input.to) - Date.parse(input.from)) / 1_000 / input.intervalSeconds))
  const { sql, params } = failureEvents(input)
  const having = input.q
    ? `HAVING max(positionCaseInsensitiveUTF8(concat(error_type, ' ', error_message, ' ', agent, ' ', step), {q:String})) > 0`
    : ''
  const query = `SELECT grp AS group, count() AS n, uniqExactIf(run_id, run_id != '') AS runs, countIf(run_id = '') AS traces, argMax(error_type, failed_at) AS errorType,
      argMax(error_message, failed_at) AS errorMessage, argMax(agent, failed_at) AS newestAgent, argMax(own_agent, failed_at) AS newestOwnAgent, argMax(step, failed_at) AS newestStep,
      toString(min(failed_at)) AS first, toString(max(failed_at)) AS last,
      arrayMap(pair -> pair.1, arrayReverseSort(pair -> pair.2, CAST(maxMap(map(agent_version, failed_at)), 'Array(Tuple(String, DateTime64(6, \\'UTC\\')))'))) AS versions,
      sumMap(map(toUInt32(least({last:UInt32}, greatest(0, date_diff('second', parseDateTime64BestEffort({from:String}, 6), failed_at)) / {interval:UInt32})), toUInt64(1))) AS trend,
      uniqExactIf(user_id, user_id != '') AS users, uniqExactIf(session_id, session_id != '') AS sessions
    FROM (${sql}) GROUP BY grp ${having} ORDER BY n DESC, grp LIMIT ${MOST_GROUPS + 1}`
  const rows = await runJson<Record<string, string> & { versions: string[]; trend: Record<string, string> }>(client, query, {
    ...params,
    q: input.q ?? '',
    interval: input.intervalSeconds,
    // What failed in the second in which the range ends would be counted behind it.
    last: intervals - 1,
  })
  return {
    isCut: rows.length > MOST_GROUPS,
    rows: rows.slice(0, MOST_GROUPS).map((row) => ({
      group: row.group ?? '',
      errorType: row.errorType ?? '',
      errorMessage: row.errorMessage ?? '',
      agent: row.newestAgent ?? '',
      ownAgent: row.newestOwnAgent ?? '',
      step: row.newestStep ?? '',
      count: Number(row.n),
      runs: Number(row.runs),
      traces: Number(row.traces),
      firstSeen: toTime(row.first ?? ''),
      lastSeen: toTime(row.last ?? ''),
      versions: row.versions.filter((version) => version !== ''),
      trend: Array.from({ length: intervals }, (_, at) => Number(row.trend[String(at)] ?? 0)),
      users: Number(row.users),
      sessions: Number(row.sessions),
    })),
  }
}
