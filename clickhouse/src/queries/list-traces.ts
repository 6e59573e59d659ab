import type { ClickHouseClient } from '../client.ts'
import { findTracesWithWords, wordsOf } from './find-text.ts'
import { runJson } from './run-json.ts'
import { toRfc3339 } from './span-columns.ts'
import { type CostSums, readCost, readUsage, sumUsage, type UsageSums } from './usage-columns.ts'

export interface TraceFilter {
  readonly projectId: string
  /** RFC 3339. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly status?: string | undefined
  readonly agent?: string | undefined
  readonly model?: string | undefined
  readonly service?: string | undefined
  readonly sessionId?: string | undefined
  readonly userId?: string | undefined
  readonly environment?: string | undefined
  readonly kind?: string | undefined
  /** Only those that belong to no run. */
  readonly noRun?: boolean | undefined
  /** Whether a span of it ended in an error. */
  readonly hasErrors?: boolean | undefined
  /** Milliseconds from its first span's begin to its last one's end. */
  readonly minMs?: number | undefined
  readonly maxMs?: number | undefined
  /** Words in inputs, outputs and messages; a text in names and errors; a trace's id. */
  readonly q?: string | undefined
  readonly limit: number
  /** Where the page before ended; by another order than that of time it is counted instead. */
  readonly before: { readonly startTime: string; readonly traceId: string } | null
  /** Newest first where it is left out. */
  readonly sort?: TraceSort | undefined
  readonly offset?: number | undefined
}

/** What traces can be sorted by, the largest first → its expression. */
const SORTS = {
  duration: 'max(end_time) - min(start_time)',
  tokens: 'sumIf(usage_total, billable = 1)',
  cost: 'sumIf(cost_total, billable = 1)',
  errors: "countIf(status = 'error')",
  spans: 'count()',
} as const
export type TraceSort = keyof typeof SORTS

export interface TraceRow {
  readonly traceId: string
  readonly name: string
  readonly startTime: string
  readonly endTime: string
  readonly spans: number
  readonly errors: number
  readonly service: string
  readonly agent: string
  readonly runId: string
  readonly sessionId: string
  readonly userId: string
  readonly usage: UsageSums
  readonly cost: CostSums
}

interface Raw extends Omit<TraceRow, 'usage' | 'cost' | 'startTime' | 'endTime'> {
  readonly startText: string
  readonly endText: string
  readonly costUsd: string
  readonly parts: Record<string, string>
  readonly unpriced: string
  /** 1: it meets all conditions. */
  readonly passes: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Where no begin is asked for. */
const LOOK_BACK_MS = 90 * DAY_MS
/** The newest traces are looked for in the newest spans first, then further back. The first is little even where a day is millions. */
const WINDOWS_MS = [4 * HOUR_MS, DAY_MS, 10 * DAY_MS] as const
/** A user's or a word's traces are either many and recent, or few: then an index finds them in one go. */
const SHORT_WINDOWS_MS = [4 * HOUR_MS, DAY_MS] as const

const START = 'start_time >= parseDateTime64BestEffort({from:String}, 9) AND start_time < parseDateTime64BestEffort({to:String}, 9)'

/**
 * The newest traces that a filter lets through, newest first. A trace is looked for in the 90 days before `to`; it passes a filter when
 * for each of its conditions there is a span that meets it.
 */
export async function listTraces(client: ClickHouseClient, filter: TraceFilter): Promise<TraceRow[]> {
  const to = filter.to ?? new Date(Date.now() + HOUR_MS).toISOString()
  const from = filter.from ?? new Date(Date.parse(to) - LOOK_BACK_MS).toISOString()
  const { conditions, params } = await buildConditions(client, { ...filter, from, to })
  if (filter.sort !== undefined) return listSorted(client, conditions, params, { ...filter, sort: filter.sort })
  const newestMs = Math.min(Date.parse(to), filter.before === null ? Number.POSITIVE_INFINITY : Date.parse(filter.before.startTime))
  for (const windowMs of windowsFor(filter)) {
    const since = new Date(newestMs - windowMs)
    if (since.toISOString() <= from) break
    const rows = await listSince(client, conditions, params, { since: since.toISOString(), limit: filter.limit, isWindow: true })
    if (rows.length >= filter.limit) return rows
  }
  return listSince(client, conditions, params, { since: from, limit: filter.limit, isWindow: false })
}

/** A session lies close together: it is found at once. */
function windowsFor({ sessionId, userId, q }: TraceFilter): readonly number[] {
  if (sessionId) return []
  return userId || q ? SHORT_WINDOWS_MS : WINDOWS_MS
}

/** By anything but time every trace of the range has to be looked at. */
async function listSorted(
  client: ClickHouseClient,
  conditions: Conditions,
  params: Readonly<Record<string, unknown>>,
  { sort, offset = 0 }: { sort: TraceSort; offset?: number | undefined },
): Promise<TraceRow[]> {
  const having = [...conditions.byTrace, ...conditions.bySpan.map((condition) => `countIf(${condition}) > 0`)]
  const rows = await runJson<{ traceId: string }>(
    client,
    `SELECT trace_id AS traceId FROM spans FINAL WHERE project_id = {projectId:UUID} AND ${START} GROUP BY trace_id
     ${having.length > 0 ? `HAVING ${having.join(' AND ')}` : ''}
     ORDER BY ${SORTS[sort]} DESC, min(start_time) DESC, trace_id DESC LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    { ...params, offset },
    ROOM_FOR_IDS,
  )
  if (rows.length === 0) return []
  const read = await readTraces(
    client,
    conditions,
    params,
    rows.map((row) => row.traceId),
  )
  const byId = new Map(read.map(({ trace }) => [trace.traceId, trace]))
  return rows.flatMap((row) => byId.get(row.traceId) ?? [])
}

interface Conditions {
  /** Each is met by some span of a trace. */
  readonly bySpan: readonly string[]
  /** On the whole trace. */
  readonly byTrace: readonly string[]
  /** Some of those say something of its last spans. */
  readonly needsEnd: boolean
}

async function buildConditions(
  client: ClickHouseClient,
  filter: TraceFilter & { from: string; to: string },
): Promise<{ conditions: Conditions; params: Record<string, unknown> }> {
  const params: Record<string, unknown> = { projectId: filter.projectId, limit: filter.limit, from: filter.from, to: filter.to }
  const bySpan: string[] = []
  const byTrace: string[] = []
  const any = (name: string, value: string | undefined, condition: string) => {
    if (value === undefined || value === '') return
    params[name] = value
    bySpan.push(condition)
  }
  any('status', filter.status, 'spans.status = {status:String}')
  any('agent', filter.agent, 'spans.agent = {agent:String}')
  any('model', filter.model, '(spans.model = {model:String} OR spans.model_request = {model:String})')
  any('service', filter.service, 'spans.service = {service:String}')
  any('sessionId', filter.sessionId, 'spans.session_id = {sessionId:String}')
  any('userId', filter.userId, 'spans.user_id = {userId:String}')
  any('environment', filter.environment, 'spans.environment = {environment:String}')
  any('kind', filter.kind, 'spans.kind = {kind:String}')
  if (filter.hasErrors === true) bySpan.push("spans.status = 'error'")
  const whole = (name: string, value: unknown, condition: string) => {
    if (value === undefined) return
    params[name] = value
    byTrace.push(condition)
  }
  const DURATION = "date_diff('microsecond', min(start_time), max(end_time)) / 1000"
  whole('noRun', filter.noRun === true ? 1 : undefined, "max(run_id) = ''")
  whole('hasErrors', filter.hasErrors === false ? 0 : undefined, "countIf(spans.status = 'error') = 0")
  whole('minMs', filter.minMs, `${DURATION} >= {minMs:Float64}`)
  whole('maxMs', filter.maxMs, `${DURATION} <= {maxMs:Float64}`)
  const needsEnd = byTrace.length > 0
  if (filter.q !== undefined && filter.q !== '') {
    const { projectId, from, to } = filter
    const ids = await findTracesWithWords(client, { projectId, from, to, words: wordsOf(filter.q) })
    const withWords = ids.length === 0 ? '' : ` OR trace_id IN (${ids.map((id) => `'${id}'`).join(',')})`
    any(
      'q',
      filter.q,
      `(positionCaseInsensitiveUTF8(concat(spans.name, ' ', spans.error_message), {q:String}) > 0 OR trace_id = lower({q:String})${withWords})`,
    )
  }
  if (filter.before !== null) {
    params.beforeTime = filter.before.startTime
    params.beforeId = filter.before.traceId
    byTrace.push('(min(start_time), trace_id) < (parseDateTime64BestEffort({beforeTime:String}, 9), toFixedString({beforeId:String}, 32))')
  }
  return { conditions: { bySpan, byTrace, needsEnd }, params }
}

/**
 * Ids first, from few columns and without FINAL: an older version of a span can only bring one too many, which the second look at it
 * with FINAL takes out. Only the traces of the page are read whole.
 */
async function findCandidates(
  client: ClickHouseClient,
  { bySpan, byTrace, needsEnd }: Conditions,
  params: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const window = `project_id = {projectId:UUID} AND start_time >= parseDateTime64BestEffort({since:String}, 9)
      AND start_time < parseDateTime64BestEffort({to:String}, 9)`
  const having = [...byTrace, ...(bySpan.length > 1 ? bySpan.map((condition) => `countIf(${condition}) > 0`) : [])]
  const matching = bySpan.length === 0 ? '' : ` AND trace_id IN (SELECT trace_id FROM spans WHERE ${window} AND ${bySpan[0]})`
  // What lies behind the page's end says nothing of a trace's begin; a trace's other conditions may be met there.
  const upTo =
    params.beforeTime === undefined || bySpan.length > 1 || needsEnd
      ? ''
      : ' AND start_time <= parseDateTime64BestEffort({beforeTime:String}, 9)'
  const query = `SELECT trace_id AS traceId FROM spans WHERE ${window}${upTo}${matching} GROUP BY trace_id
    ${having.length > 0 ? `HAVING ${having.join(' AND ')}` : ''} ORDER BY min(start_time) DESC, trace_id DESC LIMIT {limit:UInt32}`
  const rows = await runJson<{ traceId: string }>(client, query, { ...params }, ROOM_FOR_IDS)
  return rows.map((row) => row.traceId)
}

/** The last look's candidates for the longest page are 51,000 ids. */
const ROOM_FOR_IDS = { max_query_size: '8000000' }
const NONE: ReadonlySet<string> = new Set()
/** Ids from the store are hexadecimal digits. Literals, so that the index on them is used. */
const quoted = (traceIds: readonly string[]): string => traceIds.map((id) => `'${id}'`).join(',')

/** So many times a page may turn out short because candidates were such by a version of a span that is no longer. */
const MOST_LOOKS = 5

/** Of these traces those that began before the window: they belong further down, where all of each is looked at. */
async function findBegunBefore(
  client: ClickHouseClient,
  params: Readonly<Record<string, unknown>>,
  since: string,
  traceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const query = `SELECT DISTINCT trace_id AS traceId FROM spans WHERE project_id = {projectId:UUID}
    AND start_time >= parseDateTime64BestEffort({from:String}, 9) AND start_time < parseDateTime64BestEffort({since:String}, 9)
    AND trace_id IN (${quoted(traceIds)})`
  const rows = await runJson<{ traceId: string }>(client, query, { ...params, since }, ROOM_FOR_IDS)
  return new Set(rows.map((row) => row.traceId))
}

/** In a window that holds fewer traces than a page nothing is read whole: it has no full page. */
async function listSince(
  client: ClickHouseClient,
  conditions: Conditions,
  params: Readonly<Record<string, unknown>>,
  { since, limit, isWindow }: { since: string; limit: number; isWindow: boolean },
): Promise<TraceRow[]> {
  let rows: TraceRow[] = []
  for (let look = 0, candidates = limit; look < MOST_LOOKS; look++, candidates *= 4) {
    const found = await findCandidates(client, conditions, { ...params, since, limit: candidates })
    const isAll = found.length < candidates
    if (found.length === 0 || (isWindow && isAll && found.length < limit)) break
    const older = isWindow ? await findBegunBefore(client, params, since, found) : NONE
    const begun = found.filter((traceId) => !older.has(traceId))
    if (begun.length >= limit || !isWindow) {
      const read = await readTraces(client, conditions, { ...params, from: since }, begun)
      rows = read.filter((row) => row.passes).map((row) => row.trace)
    }
    if (rows.length >= limit || isAll) break
  }
  return rows.slice(0, limit)
}

async function readTraces(
  client: ClickHouseClient,
  conditions: Conditions,
  params: Readonly<Record<string, unknown>>,
  traceIds: readonly string[],
): Promise<{ trace: TraceRow; passes: boolean }[]> {
  const passes = [...conditions.byTrace, ...conditions.bySpan.map((condition) => `countIf(${condition}) > 0`)]
  const query = `SELECT trace_id AS traceId, argMin(name, (parent_span_id != '', start_time)) AS name,
      toString(min(start_time)) AS startText, toString(max(end_time)) AS endText, count() AS spans, countIf(status = 'error') AS errors,
      argMin(service, (parent_span_id != '', start_time)) AS service, max(spans.agent) AS agent, max(run_id) AS runId,
      max(session_id) AS sessionId, max(user_id) AS userId, ${sumUsage('billable = 1')}, sumIf(cost_total, billable = 1) AS costUsd,
      sumMapIf(cost_parts, billable = 1) AS parts, countIf(billable = 1 AND priced = 0) AS unpriced,
      ${passes.length === 0 ? '1' : passes.join(' AND ')} AS passes
    FROM spans FINAL WHERE project_id = {projectId:UUID} AND ${START} AND trace_id IN (${quoted(traceIds)}) GROUP BY trace_id
    ORDER BY min(start_time) DESC, trace_id DESC SETTINGS use_skip_indexes_if_final = 1`
  const rows = await runJson<Raw>(client, query, { ...params }, ROOM_FOR_IDS)
  return rows.map((row) => ({ trace: toTrace(row), passes: row.passes === 1 }))
}

const toTrace = (row: Raw): TraceRow => ({
  traceId: row.traceId,
  name: row.name,
  startTime: toRfc3339(row.startText),
  endTime: toRfc3339(row.endText),
  spans: Number(row.spans),
  errors: Number(row.errors),
  service: row.service,
  agent: row.agent,
  runId: row.runId,
  sessionId: row.sessionId,
  userId: row.userId,
  usage: readUsage(row as never),
  cost: readCost({ cost: row.costUsd, parts: row.parts, unpriced: row.unpriced }),
})
