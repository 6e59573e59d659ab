import type { PriceChangeRow, SpanToPrice } from '@cairn/clickhouse'
import { Decimal } from 'decimal.js'
import type { PriceOverrides } from '../ingest/price/overrides.ts'
import { priceSaved } from '../ingest/price/price-saved.ts'
import { priceTokens } from '../ingest/price/price-span.ts'
import { toNanoseconds } from '../traces/to-nanoseconds.ts'

/** Which page of which re-pricing a change belongs to. */
export interface RepricedPage {
  readonly projectId: string
  readonly jobId: string
  readonly page: number
}

/** What a span costs by these prices, where that is not what it cost so far. */
export function repriceSpan(span: SpanToPrice, overrides: PriceOverrides, page: RepricedPage): PriceChangeRow | null {
  const call = { ...span, startNs: toNanoseconds(span.startTime) }
  const { cost, priceId } =
    span.usage.total > 0 || span.usage.requests > 0
      ? priceTokens(call, span.usage, overrides)
      : { cost: { total: span.cost, parts: span.parts, priced: span.priced === 1 }, priceId: '' }
  const saved =
    span.savedBy === 'compaction'
      ? priceSaved({ ...call, saved: { by: 'compaction', tokens: span.savedTokens, usd: null } }, overrides).usd
      : span.savedUsd
  const priced = cost.priced ? 1 : 0
  const delta = new Decimal(cost.total ?? 0).minus(span.cost)
  const savedUsd = saved ?? '0'
  if (delta.isZero() && priced === span.priced && new Decimal(savedUsd).equals(span.savedUsd) && areSame(cost.parts, span.parts))
    return null
  return {
    project_id: page.projectId,
    job_id: page.jobId,
    page: page.page,
    trace_id: span.traceId,
    span_id: span.spanId,
    start_time: span.startTime,
    kind: span.kind,
    top: span.top,
    agent: span.agent,
    agent_version: span.agentVersion,
    model: span.model,
    provider: span.provider,
    tool_name: span.toolName,
    run_id: span.runId,
    step_key: span.stepKey,
    execution: span.execution,
    billable: span.billable,
    cost_total: cost.total ?? '0',
    cost_parts: cost.parts,
    priced,
    price_id: priceId,
    saved_usd: savedUsd,
    cost_delta: delta.toFixed(),
    parts_delta: difference(cost.parts, span.parts),
    unpriced_delta: (span.priced - priced) as -1 | 0 | 1,
    session_id: span.sessionId,
    user_id: span.userId,
  }
}

type Parts = Readonly<Record<string, string>>

function difference(now: Parts, before: Parts): Record<string, string> {
  const names = new Set([...Object.keys(now), ...Object.keys(before)])
  const entries = [...names].map((name) => [name, new Decimal(now[name] ?? 0).minus(before[name] ?? 0)] as const)
  return Object.fromEntries(entries.flatMap(([name, delta]) => (delta.isZero() ? [] : [[name, delta.toFixed()]])))
}

const areSame = (a: Parts, b: Parts): boolean => Object.keys(difference(a, b)).length === 0
