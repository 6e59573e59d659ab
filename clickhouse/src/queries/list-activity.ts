import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'
import { toRfc3339 } from './span-columns.ts'
import { trimDecimal } from './usage-columns.ts'

/** What a list of sessions or users may be sorted by → its expression. */
const SORTS = {
  lastSeen: 'max(p.last)',
  firstSeen: 'min(p.first)',
  duration: "date_diff('millisecond', min(p.first), max(p.last))",
  sessions: 'max(p.sessions)',
  runs: 'sum(p.runs)',
  turns: 'greatest(sum(p.turns), sum(p.runs))',
  tokens: 'sum(p.tokens)',
  cost: 'sum(p.cost)',
  errors: 'sum(p.failed) + sum(p.errors)',
  success: 'sum(p.succeeded) / greatest(sum(p.succeeded) + sum(p.failed), 1)',
  id: 'p.id',
} as const
export type ActivitySort = keyof typeof SORTS
export const ACTIVITY_SORTS = Object.keys(SORTS) as ActivitySort[]

export interface ActivityInput {
  readonly projectId: string
  readonly by: 'session' | 'user'
  /** RFC 3339: those seen in this time. Their sums are of the days that it touches. */
  readonly from: string
  readonly to: string
  /** Only this one. */
  readonly id?: string | undefined
  /** Only of this user. */
  readonly userId?: string | undefined
  /** A part of the id or of the user's. */
  readonly q?: string | undefined
  readonly sort: ActivitySort
  readonly descending: boolean
  readonly limit: number
  readonly offset: number
}

/** What a session or a user did. */
export interface ActivityRow {
  readonly id: string
  /** The user, of several the last by name; empty: none. */
  readonly userId: string
  /** Of a session 2 where it has more than one. */
  readonly users: number
  readonly sessions: number
  readonly runs: number
  readonly succeeded: number
  /** Failed or crashed. */
  readonly failed: number
  /** Traces, of runs or not. */
  readonly turns: number
  readonly spanErrors: number
  readonly firstSeen: string
  readonly lastSeen: string
  readonly tokens: number
  /** US dollars, the priced part; null: no price is known of anything. */
  readonly costUsd: string | null
  /** Billable spans without a price. */
  readonly unpriced: number
}

type Raw = Record<'id' | 'user' | 'firstText' | 'lastText' | 'cost', string> &
  Record<'users' | 'sessions' | 'runs' | 'succeeded' | 'failed' | 'turns' | 'errors' | 'tokens' | 'calls' | 'unpriced', string>

const NONE = { turns: 0, errors: 0, tokens: 0, calls: 0, unpriced: 0, cost: "CAST(0, 'Decimal(38, 12)')" }
const zeros = Object.entries(NONE)
  .map(([name, value]) => `${value} AS ${name}`)
  .join(', ')

/** Sessions or users that were seen in a range, from sums by day and from runs: one without spans counts too. */
export async function listActivity(client: ClickHouseClient, input: ActivityInput): Promise<{ rows: ActivityRow[]; total: number }> {
  const column = input.by === 'session' ? 'session_id' : 'user_id'
  const only = [
    `${column} != ''`,
    ...(input.id === undefined ? [] : [`${column} = {id:String}`]),
    ...(input.userId === undefined ? [] : ['user_id = {userId:String}']),
    ...(input.q ? [`positionCaseInsensitiveUTF8(concat(session_id, ' ', user_id), {q:String}) > 0`] : []),
  ].join(' AND ')
  const begin = "toStartOfDay(parseDateTime64BestEffort({from:String}, 9, 'UTC'))"
  // Of a session it is enough to know whether it has one user; sets for each of many are dear.
  const counts =
    input.by === 'session'
      ? 'toUInt64(if(min(user_id) = max(user_id), 1, 2)) AS users, toUInt64(1) AS sessions'
      : "toUInt64(1) AS users, uniqExactIf(session_id, session_id != '') AS sessions"
  const ofDays = `FROM session_stats WHERE project_id = {projectId:UUID} AND day >= toDate(${begin})
    AND day <= toDate(parseDateTime64BestEffort({to:String}, 9, 'UTC')) AND ${only}`
  const ofRuns = `FROM runs FINAL WHERE project_id = {projectId:UUID} AND created_at >= ${begin}
    AND created_at < parseDateTime64BestEffort({to:String}, 6) AND parent_run_id = '' AND ${only}`
  const seen = 'HAVING max(p.last) >= parseDateTime64BestEffort({from:String}, 9)'
  const query = `SELECT t.* EXCEPT (first, last, cost, orderBy), toString(t.first) AS firstText, toString(t.last) AS lastText,
      toString(t.cost) AS cost
    FROM (
      SELECT p.id AS id, max(p.user) AS user, max(p.users) AS users, max(p.sessions) AS sessions, sum(p.runs) AS runs,
        sum(p.succeeded) AS succeeded, sum(p.failed) AS failed, ${SORTS.turns} AS turns, sum(p.errors) AS errors,
        min(p.first) AS first, max(p.last) AS last, sum(p.tokens) AS tokens, sum(p.calls) AS calls, sum(p.unpriced) AS unpriced,
        sum(p.cost) AS cost, ${SORTS[input.sort]} AS orderBy
      FROM (
        SELECT ${column} AS id, max(user_id) AS user, ${counts}, min(first_seen) AS first, max(last_seen) AS last,
          uniqExactMerge(traces) AS turns, sum(session_stats.errors) AS errors, sum(usage_total) AS tokens,
          sum(session_stats.calls) AS calls, sum(session_stats.unpriced) AS unpriced, sum(cost_total) AS cost, 0 AS runs, 0 AS succeeded,
          0 AS failed
        ${ofDays} GROUP BY id
        UNION ALL
        SELECT ${column} AS id, max(user_id) AS user, ${counts}, toDateTime64(min(created_at), 9, 'UTC') AS first,
          toDateTime64(max(coalesce(ended_at, started_at, created_at)), 9, 'UTC') AS last, ${zeros}, count() AS runs,
          countIf(status = 'succeeded') AS succeeded, countIf(status IN ('failed', 'crashed')) AS failed
        ${ofRuns} GROUP BY id
      ) AS p GROUP BY p.id ${seen} ORDER BY orderBy ${input.descending ? 'DESC' : 'ASC'}, id LIMIT {limit:UInt32} OFFSET {offset:UInt32}
    ) AS t ORDER BY t.orderBy ${input.descending ? 'DESC' : 'ASC'}, t.id`
  const { by: _, sort: __, descending: ___, ...params } = input
  const [rows, [all]] = await Promise.all([
    runJson<Raw>(client, query, params),
    runJson<{ total: string }>(
      client,
      `SELECT count() AS total FROM (SELECT p.id FROM (
         SELECT ${column} AS id, max(last_seen) AS last ${ofDays} GROUP BY id
         UNION ALL
         SELECT ${column} AS id, toDateTime64(max(coalesce(ended_at, started_at, created_at)), 9, 'UTC') AS last ${ofRuns} GROUP BY id
       ) AS p GROUP BY p.id ${seen})`,
      params,
    ),
  ])
  return { rows: rows.map(toActivity), total: Number(all?.total ?? 0) }
}

const toActivity = (row: Raw): ActivityRow => ({
  id: row.id,
  userId: row.user,
  users: Number(row.users),
  sessions: Number(row.sessions),
  runs: Number(row.runs),
  succeeded: Number(row.succeeded),
  failed: Number(row.failed),
  turns: Number(row.turns),
  spanErrors: Number(row.errors),
  firstSeen: toRfc3339(row.firstText),
  lastSeen: toRfc3339(row.lastText),
  tokens: Number(row.tokens),
  costUsd: row.unpriced !== '0' && row.unpriced === row.calls ? null : trimDecimal(row.cost),
  unpriced: Number(row.unpriced),
})
