import type { LateColumn, NativeRow } from '../native/native-block.ts'

/** The columns of `spans` that are inserted, without `billable`, which is known when those around it are. Empty strings stand for unknown. */
export const SPANS = {
  project_id: 'UUID',
  trace_id: 'FixedString(32)',
  span_id: 'FixedString(16)',
  /** Empty at a root. */
  parent_span_id: 'String',
  name: 'String',
  kind: 'String',
  start_time: 'DateTime64(9)',
  end_time: 'DateTime64(9)',
  status: 'String',
  agent: 'String',
  agent_version: 'String',
  provider: 'String',
  model_request: 'String',
  model_response: 'String',
  operation: 'String',
  response_id: 'String',
  service_tier: 'String',
  tool_name: 'String',
  tool_call_id: 'String',
  finish_reasons: 'Array(String)',
  /** Tokens, in exclusive parts. */
  usage_input: 'UInt64',
  usage_cache_read: 'UInt64',
  usage_cache_write: 'UInt64',
  usage_cache_write_1h: 'UInt64',
  usage_output: 'UInt64',
  usage_reasoning: 'UInt64',
  usage_audio_input: 'UInt64',
  usage_audio_output: 'UInt64',
  usage_images: 'UInt64',
  usage_requests: 'UInt64',
  usage_total: 'UInt64',
  /** US dollars; '0' where `priced` is 0. */
  cost_total: 'Decimal(18, 12)',
  cost_parts: 'Map(String, Decimal(18, 12))',
  /** US dollars by the sender's own count; empty: none. */
  cost_given: 'String',
  /** `step_cache`, `compaction`; empty: nothing was saved. */
  saved_by: 'String',
  saved_tokens: 'UInt64',
  /** US dollars; '0' where no price is known, too. */
  saved_usd: 'Decimal(18, 12)',
  priced: 'UInt8',
  price_id: 'String',
  ttft_ms: 'Nullable(Float64)',
  session_id: 'String',
  user_id: 'String',
  tags: 'Array(String)',
  environment: 'String',
  service: 'String',
  service_version: 'String',
  run_id: 'String',
  execution: 'UInt32',
  step_key: 'String',
  error_type: 'String',
  error_message: 'String',
  error_group: 'String',
  interrupted: 'UInt8',
  input_preview: 'String',
  output_preview: 'String',
  /** Under which its contents lie: session, else trace. */
  scope_id: 'String',
  /** `messages`, `value`, or empty. */
  input_form: 'String',
  input_hashes: 'Array(FixedString(32))',
  output_form: 'String',
  output_hashes: 'Array(FixedString(32))',
  system_hash: 'String',
  tools_hash: 'String',
  /** 0 for a span that stands for the real one until that comes (its process died), 1 for the real one, more after re-pricing. */
  version: 'UInt8',
} as const

/** Which spans of a block count into sums. */
export const billableColumn = (values: readonly boolean[]): LateColumn => ({
  name: 'billable',
  type: 'UInt8',
  values: values.map(Number),
})

/** A row of `spans`, as it is inserted. */
export type SpanRow = NativeRow<typeof SPANS>
