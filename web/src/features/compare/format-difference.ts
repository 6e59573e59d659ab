import type { ComparedDifference, ComparedItem } from '@cairn/sdk/protocol'
import { formatExact, formatMs, formatUsd } from '../../lib/format'

/** A difference for people, with its sign and a word: colour alone says nothing to many. */
export interface Said {
  readonly text: string
  /** For a reader of the whole sentence. */
  readonly word: string
  readonly tone: 'good' | 'bad' | 'neutral'
}

const SAME: Said = { text: '±0', word: 'no difference', tone: 'neutral' }
const UNKNOWN: Said = { text: '–', word: 'unknown', tone: 'neutral' }

export function sayDuration({ durationMs, durationRatio }: Pick<ComparedDifference, 'durationMs' | 'durationRatio'>): Said {
  if (durationMs === null) return UNKNOWN
  if (durationMs === 0) return SAME
  const ratio = durationRatio === null ? '' : ` (${durationRatio.toFixed(2)}×)`
  return { text: `${signed(durationMs, formatMs(Math.abs(durationMs)))}${ratio}`, ...tone(durationMs, 'slower', 'faster') }
}

export function sayTokens({ tokens }: Pick<ComparedDifference, 'tokens'>): Said {
  return tokens === 0 ? SAME : { text: signed(tokens, formatExact(Math.abs(tokens))), ...tone(tokens, 'more', 'fewer') }
}

export function sayCost({ costUsd }: Pick<ComparedDifference, 'costUsd'>): Said {
  if (costUsd === null) return { ...UNKNOWN, text: 'no price' }
  if (/^-?0(\.0*)?$/.test(costUsd)) return SAME
  const sign = costUsd.startsWith('-') ? -1 : 1
  return { text: signed(sign, formatUsd(costUsd.replace('-', ''))), ...tone(sign, 'dearer', 'cheaper') }
}

/** What a side of a row cost; a side that isn't there cost nothing that could be said. */
export function costOf(item: Pick<ComparedItem, 'costUsd'> | undefined): string {
  if (item === undefined) return '–'
  return formatUsd(item.costUsd === undefined ? '0' : item.costUsd)
}

const signed = (amount: number, text: string) => `${amount < 0 ? '−' : '+'}${text}`
const tone = (amount: number, more: string, less: string): Pick<Said, 'word' | 'tone'> =>
  amount > 0 ? { word: more, tone: 'bad' } : { word: less, tone: 'good' }
