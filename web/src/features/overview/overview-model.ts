import { Big } from 'big.js'

/** How a number stands to that of the time before. */
export interface Change {
  readonly direction: 'up' | 'down' | 'same'
  /** "12 %", "3.5 times"; of a rate "2.1 points". */
  readonly text: string
  readonly isGood: boolean | null
}

/** Whether more of it is better; null: neither. */
export type Wanted = 'more' | 'less' | null

const SMALL = 0.005
/** From here on a factor says more than per cent. */
const MANY = 3

/** Null where there is nothing to compare with. */
export function compare(now: number | null, before: number | null, wanted: Wanted): Change | null {
  if (now === null || before === null || before === 0 || !Number.isFinite(now) || !Number.isFinite(before)) return null
  const ratio = now / before
  if (!Number.isFinite(ratio) || ratio < 0) return null
  if (Math.abs(ratio - 1) < SMALL) return { direction: 'same', text: 'the same', isGood: null }
  const direction = ratio > 1 ? 'up' : 'down'
  const text = ratio >= MANY ? `${ratio >= 100 ? Math.round(ratio) : ratio.toFixed(1)} times` : `${percent(Math.abs(ratio - 1) * 100)} %`
  return { direction, text, isGood: isGood(direction, wanted) }
}

/** Of two rates between 0 and 1, in points. */
export function compareRates(now: number | null, before: number | null, wanted: Wanted): Change | null {
  if (now === null || before === null) return null
  const points = (now - before) * 100
  if (Math.abs(points) < 0.05) return { direction: 'same', text: 'the same', isGood: null }
  const direction = points > 0 ? 'up' : 'down'
  return { direction, text: `${percent(Math.abs(points))} points`, isGood: isGood(direction, wanted) }
}

/** Of two amounts of money; an unknown one compares with nothing. */
export function compareUsd(now: string | null, before: string | null, wanted: Wanted): Change | null {
  if (now === null || before === null || new Big(before).eq(0)) return null
  return compare(new Big(now).div(before).toNumber(), 1, wanted)
}

const percent = (value: number) => (value < 10 ? value.toFixed(1) : String(Math.round(value)))
const isGood = (direction: 'up' | 'down', wanted: Wanted) => (wanted === null ? null : (direction === 'up') === (wanted === 'more'))

export const rateOf = (good: number, all: number): number | null => (all === 0 ? null : good / all)

/** The runs of a status in a time, as the address of their list. Times are whole minutes: the address stays while a minute lasts. */
export function runsHref(filter: Readonly<Record<string, string>>, range: { fromMs: number; toMs?: number | undefined }): string {
  const from = new Date(Math.floor(range.fromMs / 60_000) * 60_000).toISOString()
  const to = range.toMs === undefined ? {} : { to: new Date(range.toMs).toISOString() }
  return `/runs?${new URLSearchParams({ ...filter, from, ...to })}`
}

/** The time of bars from one to another, whichever was pressed first. */
export function barsRange(
  points: readonly { readonly at: number }[],
  chosen: { readonly first: number; readonly last: number },
  intervalSeconds: number,
): { fromMs: number; toMs: number } | null {
  const from = points[Math.min(chosen.first, chosen.last)]
  const to = points[Math.max(chosen.first, chosen.last)]
  return from === undefined || to === undefined ? null : { fromMs: from.at, toMs: to.at + intervalSeconds * 1_000 }
}
