import { type Cost, NO_USAGE, type SpanSummary, type Usage } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'

/** Usage and cost of a trace: of its billable spans, exactly. Without a price for one of them the total is unknown. */
export function sumSpans(spans: readonly SpanSummary[]): { usage: Usage; cost: Cost } {
  const usage: Usage = { ...NO_USAGE }
  const parts = new Map<string, Decimal>()
  let total = new Decimal(0)
  let priced = true
  for (const span of spans) {
    if (!span.billable) continue
    for (const part of Object.keys(usage) as (keyof Usage)[]) usage[part] += span.usage[part]
    priced &&= span.cost.priced
    total = total.plus(span.cost.total ?? 0)
    for (const [part, usd] of Object.entries(span.cost.parts)) parts.set(part, (parts.get(part) ?? new Decimal(0)).plus(usd))
  }
  return {
    usage,
    cost: {
      total: priced ? total.toFixed() : null,
      parts: Object.fromEntries([...parts].map(([part, usd]) => [part, usd.toFixed()])),
      priced,
    },
  }
}
