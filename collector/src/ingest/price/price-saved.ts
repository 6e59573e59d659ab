import { NO_USAGE } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'
import type { MappedSpan } from '../map/mapped-span.ts'
import type { PriceOverrides } from './overrides.ts'
import { priceSpan } from './price-span.ts'

/** US dollars have so many decimals in the stores. */
const SCALE = 12

/** What was saved, in US dollars: as the sender knows it, or its tokens as input that was not cached. '0' without a price. */
export function priceSaved(span: MappedSpan, overrides: PriceOverrides): string {
  const { saved } = span
  if (saved === null) return '0'
  if (saved.usd !== null) return new Decimal(saved.usd).toDecimalPlaces(SCALE).toFixed()
  if (saved.model === '') return '0'
  const usage = { ...NO_USAGE, input: saved.tokens, total: saved.tokens }
  const call = {
    ...span,
    kind: 'model' as const,
    modelRequest: saved.model,
    modelResponse: '',
    usage,
    usageReported: true,
    serviceTier: '',
  }
  return priceSpan(call, overrides).cost.total ?? '0'
}
