import type { ClickHouseClient } from '../client.ts'
import { once } from './once.ts'

/** A row of `span_logs`: a GenAI log record of a span. */
export interface SpanLogRow {
  readonly project_id: string
  readonly trace_id: string
  readonly span_id: string
  /** Unix seconds with nine decimals: see `toClickHouseTime`. */
  readonly time: string
  readonly name: string
  /** JSON. */
  readonly body: string
  readonly attributes: string
}

export async function insertSpanLogs(client: ClickHouseClient, rows: readonly SpanLogRow[], token: string): Promise<void> {
  if (rows.length === 0) return
  await client.insert({ table: 'span_logs', values: [...rows], format: 'JSONEachRow', clickhouse_settings: once(token) })
}
