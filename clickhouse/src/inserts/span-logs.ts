import type { NativeRow } from '../native/native-block.ts'

export const SPAN_LOGS = {
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
