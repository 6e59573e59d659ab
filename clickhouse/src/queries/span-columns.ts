import { type CostSums, readCost, readUsage, selectUsage, toSavedUsd, type UsageSums } from './usage-columns.ts'

/** A span without its large text, as lists and waterfalls show it. */
export interface SpanSummaryRow {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly name: string
  readonly kind: string
  /** RFC 3339 with nanoseconds. */
  readonly startTime: string
  readonly endTime: string
  /** Nanoseconds as a decimal string. */
  readonly durationNs: string
  readonly status: string
  readonly agent: string
  readonly agentVersion: string
  readonly provider: string
  readonly model: string
  readonly modelRequest: string
  readonly modelResponse: string
  readonly operation: string
  readonly toolName: string
  readonly toolCallId: string
  readonly finishReasons: string[]
  readonly usage: UsageSums
  readonly cost: CostSums
  readonly priceId: string
  readonly billable: boolean
  readonly saved: { by: string; tokens: number; usd: string | null } | null
  readonly timeToFirstTokenMs: number | null
  readonly sessionId: string
  readonly userId: string
  readonly tags: string[]
  readonly environment: string
  readonly service: string
  readonly serviceVersion: string
  readonly runId: string
  readonly execution: number
  readonly stepKey: string
  readonly errorType: string
  readonly errorMessage: string
  readonly errorGroup: string
  readonly interrupted: boolean
  readonly inputPreview: string
  readonly outputPreview: string
  readonly responseId: string
}

export const SPAN_SUMMARY_COLUMNS = `trace_id AS traceId, span_id AS spanId, parent_span_id AS parentSpanId, name, kind,
  toString(start_time) AS startText, toString(end_time) AS endText,
  toString(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) AS durationNs, status, agent,
  agent_version AS agentVersion, provider, model, model_request AS modelRequest, model_response AS modelResponse, operation,
  tool_name AS toolName, tool_call_id AS toolCallId, finish_reasons AS finishReasons, ${selectUsage()}, cost_total AS cost,
  cost_parts AS parts, priced, billable, price_id AS priceId, ttft_ms AS timeToFirstTokenMs, session_id AS sessionId, user_id AS userId,
  tags, environment, service, service_version AS serviceVersion, run_id AS runId, execution, step_key AS stepKey,
  error_type AS errorType, error_message AS errorMessage, error_group AS errorGroup, interrupted, input_preview AS inputPreview,
  output_preview AS outputPreview, response_id AS responseId, saved_by AS savedBy, saved_tokens AS savedTokens, saved_usd AS savedUsd`

/** A row as ClickHouse gives it for SPAN_SUMMARY_COLUMNS. */
export type RawSpan = Record<string, unknown> & {
  readonly startText: string
  readonly endText: string
  readonly cost: string
  readonly savedBy: string
  readonly savedTokens: string
  readonly savedUsd: string
  readonly parts: Record<string, string>
  readonly priced: number
  readonly billable: number
  readonly interrupted: number
  readonly parentSpanId: string
  readonly timeToFirstTokenMs: number | null
  readonly execution: number
}

/** `2026-11-23 04:13:32.629000001` → `2026-11-23T04:13:32.629000001Z` */
export const toRfc3339 = (text: string) => `${text.replace(' ', 'T')}Z`

export function toSpanSummary(raw: RawSpan): SpanSummaryRow {
  const { startText, endText, cost, parts, priced, savedBy, savedTokens, savedUsd, ...rest } = raw
  const plain = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('u_')))
  return {
    ...(plain as unknown as SpanSummaryRow),
    parentSpanId: raw.parentSpanId === '' ? null : raw.parentSpanId,
    startTime: toRfc3339(startText),
    endTime: toRfc3339(endText),
    usage: readUsage(raw),
    cost: readCost({ cost, parts, unpriced: priced === 1 ? 0 : 1 }),
    saved: savedBy === '' ? null : { by: savedBy, tokens: Number(savedTokens), usd: toSavedUsd(savedUsd, savedTokens) },
    billable: raw.billable === 1,
    interrupted: raw.interrupted === 1,
  }
}
