import type { ClickHouseClient } from '../client.ts'

/** A row of `spans`, as it is inserted. Empty strings stand for unknown. */
export interface SpanRow {
  readonly project_id: string
  readonly trace_id: string
  readonly span_id: string
  /** Empty at a root. */
  readonly parent_span_id: string
  readonly name: string
  readonly kind: string
  /** Unix seconds with nine decimals: see `toClickHouseTime`. */
  readonly start_time: string
  readonly end_time: string
  readonly status: string
  readonly agent: string
  readonly agent_version: string
  readonly provider: string
  readonly model_request: string
  readonly model_response: string
  readonly operation: string
  readonly response_id: string
  readonly service_tier: string
  readonly tool_name: string
  readonly tool_call_id: string
  readonly finish_reasons: readonly string[]
  /** Tokens, in exclusive parts. */
  readonly usage_input: number
  readonly usage_cache_read: number
  readonly usage_cache_write: number
  readonly usage_cache_write_1h: number
  readonly usage_output: number
  readonly usage_reasoning: number
  readonly usage_audio_input: number
  readonly usage_audio_output: number
  readonly usage_images: number
  readonly usage_requests: number
  readonly usage_total: number
  /** US dollars as a decimal string; '0' where `priced` is 0. */
  readonly cost_total: string
  readonly cost_parts: Readonly<Record<string, string>>
  /** US dollars by the sender's own count; empty: none. */
  readonly cost_given: string
  /** What saved something; empty: nothing did. */
  readonly saved_by: '' | 'step_cache' | 'compaction'
  readonly saved_tokens: number
  /** US dollars as a decimal string; '0' where no price is known, too. */
  readonly saved_usd: string
  readonly priced: 0 | 1
  readonly price_id: string
  readonly billable: 0 | 1
  readonly ttft_ms: number | null
  readonly session_id: string
  readonly user_id: string
  readonly tags: readonly string[]
  readonly environment: string
  readonly service: string
  readonly service_version: string
  readonly run_id: string
  readonly execution: number
  readonly step_key: string
  readonly error_type: string
  readonly error_message: string
  readonly error_group: string
  readonly interrupted: 0 | 1
  readonly input_preview: string
  readonly output_preview: string
  /** Under which its contents lie: session, else trace. */
  readonly scope_id: string
  readonly input_form: '' | 'messages' | 'value'
  readonly input_hashes: readonly string[]
  readonly output_form: '' | 'messages' | 'value'
  readonly output_hashes: readonly string[]
  readonly system_hash: string
  readonly tools_hash: string
  /** 0 for a span written for a dead process, else 1. */
  readonly version: 0 | 1
}

/** Unix nanoseconds as DateTime64(9) reads them. */
export function toClickHouseTime(ns: bigint): string {
  const digits = ns.toString().padStart(10, '0')
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`
}

/** Inserts spans that are not there yet: what is inserted feeds the sums. Resolves when they are stored. */
export async function insertSpans(client: ClickHouseClient, rows: readonly SpanRow[]): Promise<void> {
  if (rows.length === 0) return
  await client.insert({ table: 'spans', values: [...rows], format: 'JSONEachRow' })
}
