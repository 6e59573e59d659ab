import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'
import { toRfc3339 } from './span-columns.ts'
import { type CostSums, readCost, readUsage, sumUsage, type UsageSums } from './usage-columns.ts'

/** A trace of a session, of a run or of plain OpenTelemetry. */
export interface SessionTurn {
  readonly traceId: string
  /** Empty: it belongs to none. */
  readonly runId: string
  readonly name: string
  readonly agent: string
  readonly service: string
  readonly userId: string
  readonly startTime: string
  readonly endTime: string
  readonly spans: number
  readonly errors: number
  readonly errorType: string
  readonly errorMessage: string
  readonly usage: UsageSums
  readonly cost: CostSums
  readonly unpriced: number
  /** Tokens that went into its largest model call; null without one. */
  readonly context: { readonly input: number; readonly cacheRead: number; readonly cacheWrite: number } | null
  /** Tokens that summaries of the session left out of its calls. */
  readonly compactedTokens: number
}

/** A call of a model or a root, with the hashes of what went in and came out. */
export interface SessionCall {
  readonly traceId: string
  readonly spanId: string
  readonly scopeId: string
  readonly isModel: boolean
  readonly inputForm: string
  readonly inputHashes: string[]
  readonly outputHashes: string[]
  readonly systemHash: string
}

/** A run of a session, as it was when its status changed last. */
export interface SessionRun {
  readonly runId: string
  readonly traceId: string
  readonly agent: string
  readonly version: string
  readonly status: string
  readonly createdAt: string
  readonly endedAt: string | null
  readonly errorType: string
  readonly errorMessage: string
}

interface Input {
  readonly projectId: string
  readonly sessionId: string
}

/** Of a longer session the newest are shown. */
export const MOST_TURNS = 2_000
const MOST_CALLS = 20_000

type Raw = Omit<SessionTurn, 'usage' | 'cost' | 'startTime' | 'endTime' | 'context' | 'unpriced'> & {
  readonly startText: string
  readonly endText: string
  readonly costUsd: string
  readonly parts: Record<string, string>
  readonly unpriced: string
  readonly models: string
  readonly largest: readonly [string, string, string]
}

const quoted = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join(',')
const WIDE = { max_query_size: '1000000', use_skip_indexes_if_final: '1' }

/** Ids of a session's traces, the newest, and the time that they lie in. */
async function findTraces(client: ClickHouseClient, input: Input): Promise<{ ids: string[]; first: string }> {
  const rows = await runJson<{ id: string; first: string }>(
    client,
    `SELECT trace_id AS id, toString(min(start_time)) AS first FROM spans WHERE project_id = {projectId:UUID} AND session_id = {sessionId:String}
     GROUP BY trace_id ORDER BY min(start_time) DESC LIMIT ${MOST_TURNS}`,
    { ...input },
  )
  return { ids: rows.map((row) => row.id), first: rows.at(-1)?.first ?? '' }
}

/** The turns of a session in order, whole traces each, and what went into and came out of their calls, of the newest `mostCalls`. */
export async function getSessionTurns(
  client: ClickHouseClient,
  input: Input,
  { mostCalls = MOST_CALLS } = {},
): Promise<{ turns: SessionTurn[]; calls: SessionCall[]; runs: SessionRun[] }> {
  const [{ ids, first }, runs] = await Promise.all([findTraces(client, input), listSessionRuns(client, input)])
  if (ids.length === 0) return { turns: [], calls: [], runs }
  // A trace may have begun before its first span of the session.
  const where = `project_id = {projectId:UUID} AND start_time >= parseDateTime64BestEffort({first:String}, 9) - INTERVAL 1 DAY
    AND trace_id IN (${quoted(ids)})`
  const params = { ...input, first }
  const [turns, calls] = await Promise.all([
    runJson<Raw>(
      client,
      `SELECT trace_id AS traceId, argMin(run_id, (run_id = '', start_time)) AS runId, argMin(name, (parent_span_id != '', start_time)) AS name,
         argMin(agent, (agent = '', start_time)) AS agent, argMin(service, (parent_span_id != '', start_time)) AS service,
         max(user_id) AS userId, toString(min(start_time)) AS startText, toString(max(end_time)) AS endText, count() AS spans,
         countIf(status = 'error') AS errors, argMaxIf(error_type, start_time, status = 'error') AS errorType,
         argMaxIf(error_message, start_time, status = 'error') AS errorMessage, ${sumUsage('billable = 1')},
         sumIf(cost_total, billable = 1) AS costUsd, sumMapIf(cost_parts, billable = 1) AS parts,
         countIf(billable = 1 AND priced = 0) AS unpriced, countIf(kind = 'model') AS models,
         argMaxIf((usage_input, usage_cache_read, usage_cache_write + usage_cache_write_1h),
           usage_input + usage_cache_read + usage_cache_write + usage_cache_write_1h, kind = 'model') AS largest,
         sumIf(saved_tokens, saved_by = 'compaction') AS compactedTokens
       FROM spans FINAL WHERE ${where} GROUP BY trace_id ORDER BY min(start_time), trace_id`,
      params,
      WIDE,
    ),
    runJson<Omit<SessionCall, 'isModel'> & { isModel: number }>(
      client,
      `SELECT trace_id AS traceId, span_id AS spanId, scope_id AS scopeId, toUInt8(kind = 'model') AS isModel, input_form AS inputForm,
         input_hashes AS inputHashes, output_hashes AS outputHashes, system_hash AS systemHash
       FROM spans FINAL WHERE ${where} AND (kind = 'model' OR parent_span_id = '') ORDER BY start_time DESC, span_id DESC LIMIT ${mostCalls}`,
      params,
      WIDE,
    ),
  ])
  return { turns: turns.map(toTurn), calls: calls.reverse().map((call) => ({ ...call, isModel: call.isModel === 1 })), runs }
}

function toTurn({ startText, endText, costUsd, parts, unpriced, models, largest, ...row }: Raw): SessionTurn {
  const plain = Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('u_')))
  return {
    ...(plain as unknown as typeof row),
    spans: Number(row.spans),
    errors: Number(row.errors),
    compactedTokens: Number(row.compactedTokens),
    startTime: toRfc3339(startText),
    endTime: toRfc3339(endText),
    usage: readUsage(row as never),
    cost: readCost({ cost: costUsd, parts, unpriced }),
    unpriced: Number(unpriced),
    context: models === '0' ? null : { input: Number(largest[0]), cacheRead: Number(largest[1]), cacheWrite: Number(largest[2]) },
  }
}

function listSessionRuns(client: ClickHouseClient, input: Input): Promise<SessionRun[]> {
  return runJson<SessionRun>(
    client,
    `SELECT toString(run_id) AS runId, toString(trace_id) AS traceId, agent, agent_version AS version, status,
       formatDateTime(created_at, '%Y-%m-%dT%H:%i:%S.%fZ') AS createdAt,
       if(ended_at IS NULL, NULL, formatDateTime(ended_at, '%Y-%m-%dT%H:%i:%S.%fZ')) AS endedAt,
       error_type AS errorType, error_message AS errorMessage
     FROM runs FINAL WHERE project_id = {projectId:UUID} AND session_id = {sessionId:String} AND parent_run_id = ''
     ORDER BY runs.created_at DESC LIMIT ${MOST_TURNS} SETTINGS use_skip_indexes_if_final = 1`,
    { ...input },
  )
}
