import type { ClickHouseClient } from '../client.ts'
import { insertNative } from '../native/insert-native.ts'
import { NativeEncoder, type NativeRow } from '../native/native-block.ts'

const SPAN_LOGS = {
  project_id: 'UUID',
  trace_id: 'FixedString(32)',
  span_id: 'FixedString(16)',
  time: 'DateTime64(9)',
  name: 'String',
  /** JSON. */
  body: 'String',
  attributes: 'String',
} as const

/** A row of `span_logs`: a GenAI log record of a span. */
export type SpanLogRow = NativeRow<typeof SPAN_LOGS>

const encoder = new NativeEncoder(SPAN_LOGS)

export async function insertSpanLogs(client: ClickHouseClient, rows: readonly SpanLogRow[], token: string): Promise<void> {
  if (rows.length > 0) await insertNative(client, { table: 'span_logs', block: encoder.encode(rows), token })
}
