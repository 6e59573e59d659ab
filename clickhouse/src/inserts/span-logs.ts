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
  /** Tells records of one time apart: a checksum times 2^20, and the place in the request. */
  id: 'UInt64',
} as const

/** A row of `span_logs`: a GenAI log record of a span. */
export type SpanLogRow = NativeRow<typeof SPAN_LOGS>
