import { NO_USAGE } from '@cairn/sdk/protocol'
import type { Saved } from '../map/read-saved.ts'
import type { PriceOverrides } from './overrides.ts'
import { type PricedCall, priceTokens } from './price-span.ts'

/** Tokens that a summary saved, as uncached input of the model that the agent named. No model or no price: dollars unknown. */
export function priceSaved(span: PricedCall & { readonly saved: Saved }, overrides: PriceOverrides): Saved {
  const { saved } = span
  if (saved.by !== 'compaction') return saved
  const { cost } = priceTokens(span, { ...NO_USAGE, input: saved.tokens, total: saved.tokens }, overrides)
  // Without what a list takes for the call itself: the call was made.
  return { ...saved, usd: cost.parts.input ?? null }
}
