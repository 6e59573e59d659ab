import type { ClickHouseClient } from '../client.ts'
import { runJson } from './run-json.ts'

/** A word that is in more texts than this is no search: the newest of them are looked at. */
const MOST_TEXTS = 2_000
const MOST_WORDS = 20

/** The words of a search, as the text index has them: runs of letters and digits, in lower case. */
export const wordsOf = (q: string): string[] => [...new Set(q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, MOST_WORDS)

/** Traces with a message, argument, result or document that has all these words: of the newest such texts. */
export async function findTracesWithWords(
  client: ClickHouseClient,
  input: { projectId: string; words: readonly string[]; phrase?: string | undefined; from: string; to: string },
): Promise<string[]> {
  if (input.words.length === 0) return []
  const texts = await runJson<{ scope: string; hash: string }>(
    client,
    `SELECT scope_id AS scope, toString(hash) AS hash FROM contents
     WHERE project_id = {projectId:UUID} AND hasAllTokens(text, {words:Array(String)})
       ${input.phrase === undefined ? '' : 'AND positionCaseInsensitiveUTF8(text, {phrase:String}) > 0'} ORDER BY stored_at DESC LIMIT ${MOST_TEXTS}`,
    input,
  )
  if (texts.length === 0) return []
  const quoted = (values: Iterable<string>) => [...new Set(values)].map((value) => `'${value.replace(/['\\]/g, '\\$&')}'`).join(',')
  const scopes = quoted(texts.map((text) => text.scope))
  const rows = await runJson<{ traceId: string }>(
    client,
    // Literals: thousands of hashes don't fit into a request's address. A scope is a session or a trace: both have an index.
    `WITH [${quoted(texts.map((text) => text.hash))}] AS hashes
     SELECT DISTINCT trace_id AS traceId FROM spans
     WHERE project_id = {projectId:UUID} AND start_time >= parseDateTime64BestEffort({from:String}, 9)
       AND start_time < parseDateTime64BestEffort({to:String}, 9)
       AND (session_id IN (${scopes}) OR trace_id IN (${scopes}))
       AND (hasAny(input_hashes, hashes) OR hasAny(output_hashes, hashes) OR has(hashes, system_hash) OR has(hashes, tools_hash))
     LIMIT ${MOST_TEXTS}`,
    input,
    { max_query_size: '1000000' },
  )
  return rows.map((row) => row.traceId)
}
