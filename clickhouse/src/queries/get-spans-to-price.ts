import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'
import { toRfc3339 } from './span-columns.ts'
import { readUsage, selectUsage, type UsageSums } from './usage-columns.ts'

export interface SpansToPrice {
  readonly projectId: string
  /** RFC 3339; from inclusive, to exclusive. */
  readonly from: string
  readonly to: string
  readonly model: string | null
  readonly provider: string | null
}

/** Where a page ended, in the order in which spans lie. */
export interface SpanPosition {
  /** Seconds since 1970. */
  readonly hour: number
  readonly traceId: string
  readonly spanId: string
}

/** What pricing reads of a span, and what it cost so far. */
export interface SpanToPrice {
  readonly traceId: string
  readonly spanId: string
  /** RFC 3339 with nanoseconds. */
  readonly startTime: string
  readonly hour: number
  readonly kind: string
  readonly top: 0 | 1
  readonly agent: string
  readonly agentVersion: string
  readonly provider: string
  readonly model: string
  readonly modelRequest: string
  readonly modelResponse: string
  readonly serviceTier: string
  readonly toolName: string
  readonly runId: string
  readonly stepKey: string
  readonly execution: number
  readonly sessionId: string
  readonly userId: string
  readonly billable: 0 | 1
  readonly usage: UsageSums
  readonly cost: string
  readonly parts: Record<string, string>
  readonly priced: 0 | 1
  readonly savedBy: string
  readonly savedTokens: number
  readonly savedUsd: string
}

// Without usage there is nothing to price: it costs nothing, or what it cost is not known. A span that a crash cut off may still be
// replaced by the real one, which is priced when it comes.
const CONDITIONS = `project_id = {projectId:UUID} AND start_time >= parseDateTime64BestEffort({from:String}, 9)
  AND start_time < parseDateTime64BestEffort({to:String}, 9) AND interrupted = 0
  AND (usage_total > 0 OR usage_requests > 0 OR (saved_by = 'compaction' AND saved_tokens > 0))
  AND ({model:String} = '' OR spans.model_request = {model:String} OR spans.model_response = {model:String})
  AND ({provider:String} = '' OR spans.provider = {provider:String})`

const paramsOf = ({ model, provider, ...rest }: SpansToPrice) => ({ ...rest, model: model ?? '', provider: provider ?? '' })

/** How many there are, versions of one counted once each. */
export async function countSpansToPrice(client: ClickHouseClient, spans: SpansToPrice): Promise<number> {
  const [row] = await runJson<{ n: string }>(client, `SELECT count() AS n FROM spans WHERE ${CONDITIONS}`, paramsOf(spans))
  return Number(row?.n ?? 0)
}

/** The hour of the first span at or after a time, in seconds since 1970; null if there is none. */
async function findHour(client: ClickHouseClient, spans: SpansToPrice, sinceS: number): Promise<number | null> {
  const [row] = await runJson<{ n: string; hour: string }>(
    client,
    `SELECT count() AS n, toUnixTimestamp(toStartOfHour(min(start_time))) AS hour FROM spans
     WHERE ${CONDITIONS} AND start_time >= toDateTime64({sinceS:UInt64}, 9, 'UTC')`,
    { ...paramsOf(spans), sinceS },
  )
  return row === undefined || row.n === '0' ? null : Number(row.hour)
}

/** A page reads so many hours at most: what lies behind it is not merged for it. */
const HOURS = 24
const HOUR_S = 3_600

/** The next spans after a position, in the order in which they lie; empty: there are no more. */
export async function getSpansToPrice(
  client: ClickHouseClient,
  spans: SpansToPrice,
  after: SpanPosition | null,
  limit: number,
): Promise<SpanToPrice[]> {
  let position = after
  for (;;) {
    const firstS = position === null ? await findHour(client, spans, 0) : position.hour
    if (firstS === null) return []
    const rows = await readPage(client, spans, position, { firstS, limit })
    if (rows.length > 0) return rows
    const nextS = await findHour(client, spans, firstS + HOURS * HOUR_S)
    if (nextS === null) return []
    position = { hour: nextS, traceId: '', spanId: '' }
  }
}

type Raw = Omit<SpanToPrice, 'usage' | 'startTime' | 'savedTokens' | 'hour'> & {
  startText: string
  savedTokens: string
  hour: string | number
}

async function readPage(
  client: ClickHouseClient,
  spans: SpansToPrice,
  after: SpanPosition | null,
  { firstS, limit }: { firstS: number; limit: number },
): Promise<SpanToPrice[]> {
  const query = `SELECT trace_id AS traceId, span_id AS spanId, toString(start_time) AS startText,
      toUnixTimestamp(toStartOfHour(start_time)) AS hour, kind, toUInt8(parent_span_id = '') AS top, agent, agent_version AS agentVersion,
      provider, model, model_request AS modelRequest, model_response AS modelResponse, service_tier AS serviceTier, tool_name AS toolName,
      run_id AS runId, step_key AS stepKey, execution, session_id AS sessionId, user_id AS userId, billable, ${selectUsage()}, toString(cost_total) AS cost,
      mapApply((k, v) -> (k, toString(v)), cost_parts) AS parts, priced, saved_by AS savedBy, saved_tokens AS savedTokens,
      toString(saved_usd) AS savedUsd
    FROM spans FINAL WHERE ${CONDITIONS} AND start_time >= toDateTime64({firstS:UInt64}, 9, 'UTC')
      AND start_time < toDateTime64({lastS:UInt64}, 9, 'UTC')
      ${after === null ? '' : 'AND (toUnixTimestamp(toStartOfHour(start_time)), toString(trace_id), toString(span_id)) > ({hour:UInt64}, {traceId:String}, {spanId:String})'}
    ORDER BY toStartOfHour(start_time), trace_id, span_id LIMIT {limit:UInt32}`
  const params = { ...paramsOf(spans), ...after, firstS, lastS: firstS + HOURS * HOUR_S, limit }
  const rows = await runJson<Raw>(client, query, params)
  return rows.map(({ startText, ...row }) => ({
    ...row,
    startTime: toRfc3339(startText),
    hour: Number(row.hour),
    savedTokens: Number(row.savedTokens),
    usage: readUsage(row as never),
  }))
}
