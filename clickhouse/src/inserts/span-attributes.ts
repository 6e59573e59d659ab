import type { NativeRow } from '../native/native-block.ts'

export const SPAN_ATTRIBUTES = {
  project_id: 'UUID',
  trace_id: 'FixedString(32)',
  span_id: 'FixedString(16)',
  attributes: 'String',
  resource: 'String',
  scope_name: 'String',
  scope_version: 'String',
  scope_attributes: 'String',
  schema_url: 'String',
  events: 'String',
  links: 'String',
  trace_state: 'String',
  otel_kind: 'UInt8',
  flags: 'UInt32',
  error_stack: 'String',
  parameters: 'String',
  metadata: 'String',
  notes: 'String',
  version: 'UInt8',
} as const

/** A row of `span_attributes`: all that was sent, as JSON text. */
export type SpanAttributesRow = NativeRow<typeof SPAN_ATTRIBUTES>
