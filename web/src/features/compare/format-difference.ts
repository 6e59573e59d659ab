import type { ComparedDifference, ComparedItem, ComparedRow } from '@cairn/sdk/protocol'
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

/** As the collector judges rows (docs/compare.md), for what it doesn't judge: below it, a difference is noise. */
const SPEED_MS = 50
const SPEED_RATIO = 1.5
const SHARE = 0.1

type Times = Pick<ComparedDifference, 'durationMs' | 'durationRatio'>

export const countsAsSpeed = ({ durationMs, durationRatio }: Times): boolean =>
  Math.abs(durationMs ?? 0) >= SPEED_MS && durationRatio !== null && (durationRatio >= SPEED_RATIO || durationRatio <= 1 / SPEED_RATIO)

/** For figures of which only the size matters here; an unknown one counts for nothing. */
export function countsAsShare(a: number | string | null, b: number | string | null): boolean {
  if (a === null || b === null) return false
  const [less, more] = [Number(a), Number(b)].sort((one, other) => one - other) as [number, number]
  return more > less && more - less >= less * SHARE
}

/** `counts`: it is worth a colour and a word. */
export function sayDuration({ durationMs, durationRatio }: Times, counts: boolean): Said {
  if (durationMs === null) return UNKNOWN
  if (durationMs === 0) return SAME
  const ratio = durationRatio === null ? '' : ` (${durationRatio.toFixed(2)}×)`
  return { text: `${signed(durationMs, formatMs(Math.abs(durationMs)))}${ratio}`, ...tone(durationMs, counts, 'slower', 'faster') }
}

export function sayTokens({ tokens }: Pick<ComparedDifference, 'tokens'>, counts: boolean): Said {
  return tokens === 0 ? SAME : { text: signed(tokens, formatExact(Math.abs(tokens))), ...tone(tokens, counts, 'more', 'fewer') }
}

export function sayCost({ costUsd }: Pick<ComparedDifference, 'costUsd'>, counts: boolean): Said {
  if (costUsd === null) return { ...UNKNOWN, text: 'no price' }
  if (/^-?0(\.0*)?$/.test(costUsd)) return SAME
  const sign = costUsd.startsWith('-') ? -1 : 1
  return { text: signed(sign, formatUsd(costUsd.replace('-', ''))), ...tone(sign, counts, 'dearer', 'cheaper') }
}

/** What a side of a row cost; a side that isn't there cost nothing that could be said. */
export function costOf(item: Pick<ComparedItem, 'costUsd'> | undefined): string {
  if (item === undefined) return '–'
  return formatUsd(item.costUsd === undefined ? '0' : item.costUsd)
}

const signed = (amount: number, text: string) => `${amount < 0 ? '−' : '+'}${text}`
function tone(amount: number, counts: boolean, more: string, less: string): Pick<Said, 'word' | 'tone'> {
  if (!counts) return { word: '', tone: 'neutral' }
  return amount > 0 ? { word: more, tone: 'bad' } : { word: less, tone: 'good' }
}

/** What of a row is worth a colour: what the collector judged, and a tenth more or fewer tokens where both sides have it. */
export const countsOf = ({ speed, price, a, b }: ComparedRow) => ({
  speed: speed !== undefined,
  price: price !== undefined,
  tokens: a !== undefined && b !== undefined && !a.givenByHand && !b.givenByHand && countsAsShare(a.tokens ?? 0, b.tokens ?? 0),
})
