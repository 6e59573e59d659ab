import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

export interface LogLine {
  readonly spanId: string
  readonly execution: number
  /** JSON: { name, time, attributes }. */
  readonly event: string
}

/** What a run wrote by `run.log`, the oldest first; at most `limit`. It comes with the span that it was written in, when that ends. */
export async function getLogLines(
  client: ClickHouseClient,
  input: { projectId: string; traceId: string; runId: string; limit: number },
): Promise<LogLine[]> {
  const ofTrace = 'project_id = {projectId:UUID} AND trace_id = {traceId:String}'
  return runJson<LogLine>(
    client,
    `SELECT spanId, execution, event FROM (
       SELECT span_id AS spanId, arrayJoin(JSONExtractArrayRaw(events)) AS event FROM span_attributes FINAL
       WHERE ${ofTrace} AND position(events, '"cairn.log"') > 0
     ) AS written
     INNER JOIN (
       SELECT span_id AS spanId, max(spans.execution) AS execution FROM spans WHERE ${ofTrace} AND run_id = {runId:String} GROUP BY span_id
     ) AS owners USING spanId
     WHERE JSONExtractString(event, 'name') = 'cairn.log'
     ORDER BY parseDateTime64BestEffortOrZero(JSONExtractString(event, 'time'), 9), spanId LIMIT {limit:UInt32}`,
    input,
  )
}
