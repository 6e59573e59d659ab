import { type Cost, NO_COST, type Usage } from '@cairn/sdk/protocol'
import type { MappedSpan } from '../map/mapped-span.ts'
import type { PriceOverrides } from './overrides.ts'
import { findListedPrice } from './price-list.ts'
import { priceUsage, UNPRICED } from './price-usage.ts'
import { tierFactor } from './service-tier.ts'

const PRICED_KINDS = new Set(['model', 'embedding', 'reranker'])

export interface Priced {
  readonly cost: Cost
  readonly priceId: string
}

const NOTHING: Priced = { cost: NO_COST, priceId: '' }
const UNKNOWN: Priced = { cost: UNPRICED, priceId: '' }

/** A call's cost by the project's own price, else the public list's. No price: `priced` is false, never zero. */
export function priceSpan(span: MappedSpan, overrides: PriceOverrides): Priced {
  if (!span.usageReported) {
    const isFailed = span.status === 'error' || span.interrupted
    return !PRICED_KINDS.has(span.kind) || isFailed ? NOTHING : UNKNOWN
  }
  if (span.usage.total === 0 && span.usage.requests === 0 && span.status === 'error') return NOTHING
  return priceTokens(span, span.usage, overrides)
}

/** What the price of a call depends on, besides its usage. */
export type PricedCall = Pick<MappedSpan, 'provider' | 'modelRequest' | 'modelResponse' | 'startNs' | 'serviceTier'>

/** What tokens of a span's model cost at its time, by the project's own price, else the public list's. */
export function priceTokens(span: PricedCall, usage: Usage, overrides: PriceOverrides): Priced {
  const at = new Date(Number(span.startNs / 1_000_000n))
  const models = [span.modelResponse, span.modelRequest].filter((model, i, all) => model !== '' && all.indexOf(model) === i)
  for (const model of models) {
    const own = overrides.find(span.provider, model, at)
    if (own !== undefined) return { cost: priceUsage(usage, own.prices, '1'), priceId: `override/${own.id}` }
  }
  for (const model of models) {
    const listed = findListedPrice(span.provider, model, at)
    if (listed === null) continue
    const factor = tierFactor(listed.provider, span.serviceTier)
    if (factor === undefined) return UNKNOWN
    const cost = priceUsage(usage, listed.prices, factor)
    return cost.priced ? { cost, priceId: listed.priceId + (factor === '1' ? '' : `#${span.serviceTier}`) } : UNKNOWN
  }
  return UNKNOWN
}
