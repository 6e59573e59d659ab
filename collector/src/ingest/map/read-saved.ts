import { Decimal } from 'decimal.js'
import type { Found } from './collect-fields.ts'
import { readText } from './read-text.ts'
import { toCount } from './read-usage.ts'

/** What a span says it saved. */
export interface Saved {
  /** Empty: nothing. */
  readonly by: '' | 'step_cache' | 'compaction'
  readonly tokens: number
  /** US dollars, exact; null where they aren't known. */
  readonly usd: string | null
}

const NOTHING: Saved = Object.freeze({ by: '', tokens: 0, usd: null })
/** What the column holds; more is a mistake of the sender. */
const MOST_USD = 1_000_000
const SCALE = 12

/** A hit of the step cache knows the dollars; what a summary saved is priced later. */
export function readSaved({ fields }: Found): Saved {
  if (fields.cacheHit === true)
    return { by: 'step_cache', tokens: toCount(fields.cacheSavedTokens) ?? 0, usd: readUsd(readText(fields.cacheSavedUsd)) }
  const tokens = toCount(fields.compactionSavedTokens) ?? 0
  return tokens === 0 ? NOTHING : { by: 'compaction', tokens, usd: null }
}

function readUsd(text: string): string | null {
  if (!/^\d{1,40}(\.\d{1,40})?(e-?\d{1,2})?$/i.test(text)) return null
  const usd = new Decimal(text)
  return usd.lessThan(MOST_USD) ? usd.toDecimalPlaces(SCALE, Decimal.ROUND_HALF_EVEN).toFixed() : null
}
