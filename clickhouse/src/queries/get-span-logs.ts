import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

export interface SpanLog {
  readonly spanId: string
  /** RFC 3339 with nanoseconds, without the zone: UTC. */
  readonly time: string
  readonly name: string
  /** JSON. */
  readonly body: string
  readonly attributes: string
}

/** The GenAI log records of a trace's spans, in order. */
export async function getSpanLogs(client: ClickHouseClient, input: { projectId: string; traceId: string }): Promise<SpanLog[]> {
  const query = `SELECT span_id AS spanId, toString(time) AS time, name, body, attributes FROM span_logs FINAL
    WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String} ORDER BY span_logs.time, bitAnd(id, 1048575) LIMIT 100000`
  return runJson<SpanLog>(client, query, input)
}
