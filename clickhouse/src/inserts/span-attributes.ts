import type { ClickHouseClient } from '../client.ts'
import { once } from './once.ts'

/** A row of `span_attributes`: all that was sent, as JSON text. */
export interface SpanAttributesRow {
  readonly project_id: string
  readonly trace_id: string
  readonly span_id: string
  readonly attributes: string
  readonly resource: string
  readonly scope_name: string
  readonly scope_version: string
  readonly scope_attributes: string
  readonly schema_url: string
  readonly events: string
  readonly links: string
  readonly trace_state: string
  readonly otel_kind: number
  readonly flags: number
  readonly error_stack: string
  readonly parameters: string
  readonly metadata: string
  readonly notes: string
  readonly version: 0 | 1
}

export async function insertSpanAttributes(client: ClickHouseClient, rows: readonly SpanAttributesRow[], token: string): Promise<void> {
  if (rows.length === 0) return
  await client.insert({ table: 'span_attributes', values: [...rows], format: 'JSONEachRow', clickhouse_settings: once(token) })
}
