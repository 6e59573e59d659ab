import type { ClickHouseClient } from '../client.ts'
import { runJson } from '../queries/run-json.ts'

export interface OldTraces {
  readonly projectId: string
  /** RFC 3339: what began before it goes. */
  readonly before: string
  /** Traces that stay all the same. */
  readonly kept: readonly string[]
}

/** Whether there is anything to delete, and no deletion under way. */
export async function hasOldTraces(client: ClickHouseClient, { projectId, before, kept }: OldTraces): Promise<boolean> {
  const [row] = await runJson<{ due: number }>(
    client,
    `SELECT toUInt8((SELECT count() FROM system.mutations WHERE database = currentDatabase() AND NOT is_done AND command LIKE '%DELETE WHERE%') = 0
       AND ((SELECT count() FROM (SELECT 1 FROM spans WHERE project_id = {projectId:UUID}
         AND start_time < parseDateTime64BestEffort({before:String}, 9) AND trace_id NOT IN (${list(kept)}) LIMIT 1)) > 0
       -- What was sent lately of a time long ago outlives its span by as much.
       OR (SELECT count() FROM (SELECT 1 FROM span_attributes WHERE project_id = {projectId:UUID}
         AND stored_at < parseDateTime64BestEffort({before:String}, 9) AND trace_id NOT IN (${list(kept)}) LIMIT 1)) > 0)) AS due`,
    { projectId, before },
  )
  return row?.due === 1
}

/**
 * Begins to delete a project's old traces: spans, what was sent, texts that no younger span may refer to, the copies of their runs,
 * and sessions. Other sums stay. ClickHouse rewrites the months concerned in the background.
 */
export async function deleteOldTraces(client: ClickHouseClient, { projectId, before, kept }: OldTraces): Promise<void> {
  const others = `trace_id NOT IN (${list(kept)})`
  const old = (column: string) => `project_id = {projectId:UUID} AND ${column} < parseDateTime64BestEffort({before:String}, 9)`
  const conditions: Readonly<Record<string, string>> = {
    contents: `${old('stored_at')} AND scope_id NOT IN (SELECT scope_id FROM spans WHERE project_id = {projectId:UUID}
      AND (start_time >= parseDateTime64BestEffort({before:String}, 9) OR trace_id IN (${list(kept)})))`,
    span_logs: `${old('time')} AND ${others}`,
    span_attributes: `${old('stored_at')} AND ${others}`,
    run_texts: `${old('created_at')} AND ${others}`,
    runs: `${old('created_at')} AND ${others}`,
    session_stats: `project_id = {projectId:UUID} AND day < toDate(parseDateTime64BestEffort({before:String}, 9))`,
    failures: `${old('failed_at')} AND ${others}`,
    error_spans: `${old('start_time')} AND ${others}`,
    trace_costs: `${old('hour')} AND ${others}`,
    spans: `${old('start_time')} AND ${others}`,
  }
  for (const [table, condition] of Object.entries(conditions))
    await client.command({ query: `ALTER TABLE ${table} DELETE WHERE ${condition}`, query_params: { projectId, before } })
}

/** Ids are hexadecimal digits; an empty list has none of them. */
const list = (ids: readonly string[]): string =>
  ids
    .filter((id) => /^[0-9a-f]{32}$/.test(id))
    .map((id) => `'${id}'`)
    .join(',') || "''"
