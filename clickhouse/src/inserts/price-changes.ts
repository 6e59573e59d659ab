import type { ClickHouseClient } from '../client.ts'
import { runJson } from '../queries/run-json.ts'
import { once } from './once.ts'

/** A span's new cost, and its difference from the old one. Money is decimal text in US dollars. */
export interface PriceChangeRow {
  readonly project_id: string
  readonly job_id: string
  readonly page: number
  readonly trace_id: string
  readonly span_id: string
  /** RFC 3339 with nanoseconds. */
  readonly start_time: string
  readonly kind: string
  readonly top: 0 | 1
  readonly agent: string
  readonly agent_version: string
  readonly model: string
  readonly provider: string
  readonly tool_name: string
  readonly run_id: string
  readonly step_key: string
  readonly execution: number
  readonly billable: 0 | 1
  readonly cost_total: string
  readonly cost_parts: Readonly<Record<string, string>>
  readonly priced: 0 | 1
  readonly price_id: string
  readonly saved_usd: string
  readonly cost_delta: string
  readonly parts_delta: Readonly<Record<string, string>>
  readonly unpriced_delta: -1 | 0 | 1
  readonly session_id: string
  readonly user_id: string
}

interface Page {
  readonly projectId: string
  readonly jobId: string
  readonly page: number
}

/** What was noted of a page; null before. */
export async function findPriceChanges(client: ClickHouseClient, page: Page): Promise<{ changed: number; costDelta: string } | null> {
  const [row] = await runJson<{ n: string; delta: string }>(
    client,
    `SELECT count() AS n, toString(sumIf(cost_delta, billable = 1)) AS delta FROM price_changes
     WHERE project_id = {projectId:UUID} AND job_id = {jobId:UUID} AND page = {page:UInt32}`,
    { ...page },
  )
  return row === undefined || row.n === '0' ? null : { changed: Number(row.n), costDelta: row.delta }
}

/**
 * Corrects the sums by what was noted of a page, as far as that had not come about when a crash cut the insert off: what has come about is
 * dropped by its token. When a change was noted belongs to it: it says in which part of the table the token is remembered.
 */
export async function repeatPriceChanges(client: ClickHouseClient, page: Page): Promise<void> {
  const rows = await runJson<PriceChangeRow & { readonly changed_at: string }>(
    client,
    `SELECT * FROM price_changes WHERE project_id = {projectId:UUID} AND job_id = {jobId:UUID} AND page = {page:UInt32}`,
    { ...page },
  )
  await insertPriceChanges(client, rows)
}

/** Notes a page's changes and corrects the sums by them; the same page again changes nothing. */
export async function insertPriceChanges(client: ClickHouseClient, rows: readonly PriceChangeRow[]): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  await client.insert({
    table: 'price_changes',
    values: rows,
    format: 'JSONEachRow',
    clickhouse_settings: { ...once(`reprice ${first.job_id} ${first.page}`), date_time_input_format: 'best_effort' },
  })
}

/** Columns of a span that a new price changes. */
const CHANGED = ['cost_total', 'cost_parts', 'priced', 'price_id', 'saved_usd'] as const

/**
 * Writes the spans of a page again, with their new cost, as a later version. Done twice it changes nothing: a version more, of the same
 * cost, and the sums leave later versions out.
 */
export async function rewriteSpans(client: ClickHouseClient, page: Page): Promise<void> {
  const columns = await runJson<{ name: string }>(
    client,
    `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'spans' AND default_kind NOT IN ('MATERIALIZED', 'ALIAS')`,
    {},
  )
  const names = columns.map(({ name }) => name)
  const values = names.map((name) => {
    if (name === 'version') return 'toUInt8(least(255, s.version + 1))'
    return (CHANGED as readonly string[]).includes(name) ? `c.${name}` : `s.${name}`
  })
  const ofPage = 'project_id = {projectId:UUID} AND job_id = {jobId:UUID} AND page = {page:UInt32}'
  await client.command({
    query: `INSERT INTO spans (${names.join(', ')}) SELECT ${values.join(', ')}
      FROM (SELECT * FROM spans FINAL WHERE project_id = {projectId:UUID}
        AND start_time >= (SELECT min(start_time) FROM price_changes WHERE ${ofPage})
        AND start_time <= (SELECT max(start_time) FROM price_changes WHERE ${ofPage})
        AND (trace_id, span_id) IN (SELECT trace_id, span_id FROM price_changes WHERE ${ofPage})) AS s
      INNER JOIN (SELECT * FROM price_changes WHERE ${ofPage}) AS c ON c.trace_id = s.trace_id AND c.span_id = s.span_id
      SETTINGS use_skip_indexes_if_final = 1`,
    query_params: { ...page },
    clickhouse_settings: { async_insert: 0, max_execution_time: 60 },
  })
}
