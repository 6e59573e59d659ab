import type { Cost, Usage } from '@cairn/sdk/protocol'
import type { ModelPrice } from '@pydantic/genai-prices'
import { Decimal } from 'decimal.js'
import { exactPart, writeUnits } from './exact-part.ts'

/** Decimals of US dollars in the stores. */
const SCALE = 12
/** What the column holds; a call that costs more is a mistake in a price. */
const MOST_USD = 1_000_000
/** Sums below it, and what they are made of, are whole in a double. */
const MOST_WHOLE_UNITS = 2 ** 52
const Money = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_EVEN })
const MILLION = new Money(1_000_000)
const THOUSAND = new Money(1_000)

export const UNPRICED: Cost = Object.freeze({ total: null, parts: {}, priced: false })

type TokenPart = Exclude<keyof Usage, 'total' | 'requests'>

/** Keys of a price list for each part of usage, most exact first: a list that has no price for a part sells it as the next. */
const PRICE_KEYS: Readonly<Record<TokenPart, readonly string[]>> = {
  input: ['input_mtok'],
  cacheRead: ['cache_read_mtok', 'input_mtok'],
  cacheWrite: ['cache_write_5m_mtok', 'cache_write_mtok', 'input_mtok'],
  cacheWrite1h: ['cache_write_1h_mtok', 'cache_write_mtok', 'input_mtok'],
  audioInput: ['input_audio_mtok', 'input_mtok'],
  images: ['input_image_mtok', 'input_mtok'],
  output: ['output_mtok'],
  reasoning: ['output_reasoning_mtok', 'output_mtok'],
  audioOutput: ['output_audio_mtok', 'output_mtok'],
}
const PARTS = Object.keys(PRICE_KEYS) as TokenPart[]

/** Exact: each part is rounded once, to 12 decimals, and the total is the sum of the rounded parts. */
export function priceUsage(usage: Usage, prices: ModelPrice, factor: string): Cost {
  return (factor === '1' ? priceInWholeUnits(usage, prices) : undefined) ?? priceInDecimals(usage, prices, factor)
}

const inputOf = (usage: Usage): number =>
  usage.input + usage.cacheRead + usage.cacheWrite + usage.cacheWrite1h + usage.audioInput + usage.images

/** As nearly every call is priced: plain prices of tokens, in amounts that a double holds exactly. Undefined: it is not so here. */
function priceInWholeUnits(usage: Usage, prices: ModelPrice): Cost | undefined {
  if (usage.requests !== 0 || prices.requests_kcount !== undefined) return undefined
  const inputTokens = inputOf(usage)
  const parts: Record<string, string> = {}
  let total = 0
  for (const part of PARTS) {
    if (usage[part] === 0) continue
    const rate = findPlainRate(prices, PRICE_KEYS[part], inputTokens)
    const units = rate === undefined ? undefined : exactPart(usage[part], rate)
    if (units === undefined) return undefined
    parts[part] = writeUnits(units)
    total += units
  }
  return total < MOST_WHOLE_UNITS ? { total: writeUnits(total), parts, priced: true } : undefined
}

function findPlainRate(prices: ModelPrice, keys: readonly string[], inputTokens: number): number | undefined {
  for (const key of keys) {
    const price = prices[key]
    if (typeof price === 'number') return price
    if (price === undefined) continue
    let rate = price.base
    for (const tier of price.tiers.length < 2 ? price.tiers : [...price.tiers].sort((a, b) => a.start - b.start))
      if (inputTokens > tier.start) rate = tier.price
    return rate
  }
  return undefined
}

function priceInDecimals(usage: Usage, prices: ModelPrice, factor: string): Cost {
  const inputTokens = inputOf(usage)
  const parts: Record<string, string> = {}
  let total = new Money(0)
  for (const part of PARTS) {
    if (usage[part] === 0) continue
    const rate = findRate(prices, PRICE_KEYS[part], inputTokens)
    if (rate === undefined) return UNPRICED
    total = addPart(parts, part, rate.times(factor).times(usage[part]).dividedBy(MILLION), total)
  }
  const searches = findRate(prices, ['web_searches_kcount'], inputTokens)?.times(usage.requests).dividedBy(THOUSAND)
  const calls = findRate(prices, ['requests_kcount'], inputTokens)?.dividedBy(THOUSAND)
  const extras = new Money(searches ?? 0).plus(calls ?? 0)
  if (!extras.isZero()) total = addPart(parts, 'requests', extras, total)
  return total.lessThan(MOST_USD) ? { total: total.toFixed(), parts, priced: true } : UNPRICED
}

function addPart(parts: Record<string, string>, part: string, amount: Decimal, total: Decimal): Decimal {
  const rounded = amount.toDecimalPlaces(SCALE)
  parts[part] = rounded.toFixed()
  return total.plus(rounded)
}

/** Past a tier's start, all tokens of the call cost the tier's price. */
function findRate(prices: ModelPrice, keys: readonly string[], inputTokens: number): Decimal | undefined {
  const rate = findPlainRate(prices, keys, inputTokens)
  return rate === undefined ? undefined : new Money(rate)
}
