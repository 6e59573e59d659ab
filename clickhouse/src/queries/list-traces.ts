import type { ClickHouseClient } from '../client.ts'
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
  /** A text in names and previews. */
  readonly q?: string | undefined
  readonly limit: number
  /** Where the page before ended. */
  readonly before: { readonly startTime: string; readonly traceId: string } | null
}

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
}

/** The newest traces that a filter lets through, newest first. A trace is looked for in the 90 days before `to`. */
export async function listTraces(client: ClickHouseClient, filter: TraceFilter): Promise<TraceRow[]> {
  const conditions = ['project_id = {projectId:UUID}']
  const params: Record<string, unknown> = { projectId: filter.projectId, limit: filter.limit }
  const to = filter.to ?? new Date(Date.now() + 3_600_000).toISOString()
  params.to = to
  params.from = filter.from ?? new Date(Date.parse(to) - 90 * 86_400_000).toISOString()
  conditions.push('start_time >= parseDateTime64BestEffort({from:String}, 9)', 'start_time < parseDateTime64BestEffort({to:String}, 9)')
  const having: string[] = []
  const any = (name: string, value: string | undefined, condition: string) => {
    if (value === undefined || value === '') return
    params[name] = value
    having.push(`countIf(${condition}) > 0`)
  }
  any('status', filter.status, 'status = {status:String}')
  any('agent', filter.agent, 'spans.agent = {agent:String}')
  any('model', filter.model, '(model = {model:String} OR model_request = {model:String})')
  any('service', filter.service, 'spans.service = {service:String}')
  any('sessionId', filter.sessionId, 'session_id = {sessionId:String}')
  any('userId', filter.userId, 'user_id = {userId:String}')
  any(
    'q',
    filter.q,
    `positionCaseInsensitiveUTF8(concat(spans.name, ' ', input_preview, ' ', output_preview, ' ', error_message), {q:String}) > 0
     OR trace_id = lower({q:String})`,
  )
  if (filter.before !== null) {
    params.beforeTime = filter.before.startTime
    params.beforeId = filter.before.traceId
    having.push('(min(start_time), trace_id) < (parseDateTime64BestEffort({beforeTime:String}, 9), toFixedString({beforeId:String}, 32))')
  }
  const query = `SELECT trace_id AS traceId, argMin(name, (parent_span_id != '', start_time)) AS name,
      toString(min(start_time)) AS startText, toString(max(end_time)) AS endText, count() AS spans, countIf(status = 'error') AS errors,
      argMin(service, (parent_span_id != '', start_time)) AS service, max(spans.agent) AS agent, max(run_id) AS runId,
      max(session_id) AS sessionId, max(user_id) AS userId, ${sumUsage('billable = 1')}, sumIf(cost_total, billable = 1) AS costUsd,
      sumMapIf(cost_parts, billable = 1) AS parts, countIf(billable = 1 AND priced = 0) AS unpriced
    FROM spans FINAL WHERE ${conditions.join(' AND ')} GROUP BY trace_id
    ${having.length > 0 ? `HAVING ${having.join(' AND ')}` : ''} ORDER BY min(start_time) DESC, trace_id DESC LIMIT {limit:UInt32}`
  return (await runJson<Raw>(client, query, params)).map(({ startText, endText, costUsd, parts, unpriced, ...row }) => ({
    traceId: row.traceId,
    name: row.name,
    startTime: toRfc3339(startText),
    endTime: toRfc3339(endText),
    spans: Number(row.spans),
    errors: Number(row.errors),
    service: row.service,
    agent: row.agent,
    runId: row.runId,
    sessionId: row.sessionId,
    userId: row.userId,
    usage: readUsage(row as never),
    cost: readCost({ cost: costUsd, parts, unpriced }),
  }))
}
