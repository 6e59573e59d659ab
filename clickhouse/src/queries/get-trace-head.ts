import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'
import { toRfc3339 } from './span-columns.ts'
import { trimDecimal } from './usage-columns.ts'

/** What a trace's spans say of it together: its root speaks first, of what it doesn't say the first span that does. */
export interface TraceHead {
  readonly name: string
  readonly service: string
  readonly environment: string
  readonly agent: string
  readonly sessionId: string
  readonly userId: string
  readonly runId: string
  readonly startTime: string
  readonly endTime: string
  readonly spans: number
  readonly errors: number
  readonly interrupted: number
  readonly tokens: number
  /** US dollars of what has a price; null: nothing has. */
  readonly costUsd: string | null
  /** Billable spans without a price. */
  readonly unpriced: number
}

type Words = Pick<TraceHead, 'name' | 'service' | 'environment' | 'agent' | 'sessionId' | 'userId' | 'runId'>
type Raw = Words & Record<'startText' | 'endText' | 'spans' | 'errors' | 'cutOff' | 'tokens' | 'cost' | 'calls' | 'unpriced', string>

const firstSaid = (column: string, name: string) => `argMin(${column}, (${column} = '', parent_span_id != '', start_time)) AS ${name}`

/** Null where no span of it has come. */
export async function getTraceHead(client: ClickHouseClient, input: { projectId: string; traceId: string }): Promise<TraceHead | null> {
  const [row] = await runJson<Raw>(
    client,
    `SELECT argMin(spans.name, (parent_span_id != '', start_time)) AS name, ${firstSaid('spans.service', 'service')},
       ${firstSaid('spans.environment', 'environment')}, ${firstSaid('spans.agent', 'agent')}, ${firstSaid('session_id', 'sessionId')},
       ${firstSaid('user_id', 'userId')}, ${firstSaid('run_id', 'runId')}, toString(min(start_time)) AS startText,
       toString(max(end_time)) AS endText, count() AS spans, countIf(status = 'error') AS errors, countIf(interrupted = 1) AS cutOff,
       sumIf(usage_total, billable = 1) AS tokens, toString(sumIf(cost_total, billable = 1)) AS cost, countIf(billable = 1) AS calls,
       countIf(billable = 1 AND priced = 0) AS unpriced
     FROM spans FINAL WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String} SETTINGS use_skip_indexes_if_final = 1`,
    input,
  )
  if (row === undefined || row.spans === '0') return null
  const { startText, endText, cutOff, cost, calls, ...rest } = row
  return {
    ...rest,
    startTime: toRfc3339(startText),
    endTime: toRfc3339(endText),
    spans: Number(row.spans),
    errors: Number(row.errors),
    interrupted: Number(cutOff),
    tokens: Number(row.tokens),
    costUsd: row.unpriced !== '0' && row.unpriced === calls ? null : trimDecimal(cost),
    unpriced: Number(row.unpriced),
  }
}
