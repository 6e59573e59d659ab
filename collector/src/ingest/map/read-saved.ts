import type { AttributeValue } from '../otlp/types.ts'
import type { Found } from './collect-fields.ts'
import type { Saved } from './mapped-span.ts'
import { cut, readText } from './read-text.ts'

/** More than any conversation has. */
const MOST_TOKENS = 1_000_000_000

/** What the SDK says that a step did not have to spend. */
export function readSaved({ fields }: Found): Saved | null {
  const byCache = readTokens(fields.savedByCacheTokens)
  const usd = readText(fields.savedByCacheUsd)
  if (byCache > 0 || isUsd(usd)) return { by: 'step_cache', tokens: byCache, usd: isUsd(usd) ? usd : '0', model: '' }
  const tokens = readTokens(fields.savedByCompactionTokens)
  return tokens > 0 ? { by: 'compaction', tokens, usd: null, model: cut(readText(fields.savedModel), 300) } : null
}

/** An amount that a column holds. */
export const isUsd = (text: string): boolean => /^\d+(\.\d+)?(e-?\d+)?$/i.test(text) && Number(text) < 1e6

function readTokens(value: AttributeValue | undefined): number {
  const tokens = Number(readText(value) || 0)
  return Number.isInteger(tokens) && tokens > 0 && tokens <= MOST_TOKENS ? tokens : 0
}
