import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'
import { type RawSpan, SPAN_SUMMARY_COLUMNS, type SpanSummaryRow, toSpanSummary } from './span-columns.ts'

/** The spans of a trace, or one of them, in order of their start, without large text; at most `limit`. */
export async function getTraceSpans(
  client: ClickHouseClient,
  input: { projectId: string; traceId: string; spanId?: string; limit?: number },
): Promise<SpanSummaryRow[]> {
  const query = `SELECT ${SPAN_SUMMARY_COLUMNS} FROM spans FINAL
    WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String} ${input.spanId === undefined ? '' : 'AND span_id = {spanId:String}'}
    ORDER BY start_time, span_id LIMIT {limit:UInt32} SETTINGS use_skip_indexes_if_final = 1`
  return (await runJson<RawSpan>(client, query, { ...input, limit: input.limit ?? 200_000 })).map(toSpanSummary)
}

/** Which spans of a trace have arrived. */
export async function findSpanIds(client: ClickHouseClient, input: { projectId: string; traceId: string }): Promise<Set<string>> {
  const query = `SELECT DISTINCT span_id FROM spans WHERE project_id = {projectId:UUID} AND trace_id = {traceId:String}`
  return new Set((await runJson<{ span_id: string }>(client, query, input)).map((row) => row.span_id))
}
