import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

/** Spans of a trace with a text in their inputs, outputs, attributes, events or error, whatever its case; at most `limit`. */
export async function findInTrace(
  client: ClickHouseClient,
  input: { projectId: string; traceId: string; q: string; limit: number },
): Promise<string[]> {
  const ofTrace = 'project_id = {projectId:UUID} AND trace_id = {traceId:String}'
  const has = (column: string) => `positionCaseInsensitiveUTF8(${column}, {text:String}) > 0`
  const rows = await runJson<{ spanId: string }>(
    client,
    `WITH (
       SELECT groupArray(hash) FROM contents
       WHERE project_id = {projectId:UUID} AND scope_id IN (SELECT DISTINCT scope_id FROM spans WHERE ${ofTrace}) AND ${has('text')}
     ) AS found
     SELECT DISTINCT spanId FROM (
       SELECT span_id AS spanId FROM spans WHERE ${ofTrace}
         AND (hasAny(input_hashes, found) OR hasAny(output_hashes, found) OR has(arrayMap(h -> toString(h), found), system_hash)
           OR ${has('error_message')})
       UNION ALL
       SELECT span_id AS spanId FROM span_attributes WHERE ${ofTrace} AND (${['attributes', 'events', 'error_stack', 'metadata'].map(has).join(' OR ')})
     ) LIMIT {limit:UInt32}`,
    // Texts are stored as JSON: what is escaped there is escaped here.
    { ...input, text: JSON.stringify(input.q).slice(1, -1) },
  )
  return rows.map((row) => row.spanId)
}
