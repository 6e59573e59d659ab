import type { Cost, Usage } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'

/** US dollars for people. An unknown price is said, never shown as zero. */
export function formatUsd(usd: string | null): string {
  if (usd === null) return 'no price'
  const amount = new Decimal(usd)
  if (amount.isZero()) return '$0'
  if (amount.abs().lt('0.0001')) return `$${amount.toSignificantDigits(2).toFixed()}`
  return `$${amount.abs().lt(1) ? amount.toFixed(4) : amount.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',')}`
}

export const formatCost = (cost: Cost): string => formatUsd(cost.priced ? cost.total : null)

const EXACT = new Intl.NumberFormat('en')
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
export const formatCount = (n: number): string => (n < 10_000 ? EXACT.format(n) : COMPACT.format(n))

export const formatUsage = (usage: Usage): string =>
  `${formatCount(usage.total)} tokens (${formatCount(usage.input + usage.cacheRead + usage.cacheWrite + usage.cacheWrite1h)} in, ${formatCount(usage.output + usage.reasoning)} out)`

/** Milliseconds for people: 12 ms, 3.4 s, 2 m 05 s, 1 h 02 m, 3 d 4 h. */
export function formatMs(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return '–'
  if (ms < 0) return `-${formatMs(-ms)}`
  if (ms < 1) return ms === 0 ? '0 ms' : `${ms.toFixed(2)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} m ${two((ms % 60_000) / 1_000)} s`
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)} h ${two((ms % 3_600_000) / 60_000)} m`
  return `${Math.floor(ms / 86_400_000)} d ${Math.floor((ms % 86_400_000) / 3_600_000)} h`
}

/** In the reader's time zone, as 2026-11-25 10:12:36; the day is left out on `now`'s day. */
export function formatTime(rfc3339: string | null, now: number): string {
  if (rfc3339 === null) return '–'
  const date = new Date(rfc3339)
  if (Number.isNaN(date.getTime())) return '–'
  const two = (n: number) => String(n).padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  if (date.toDateString() === new Date(now).toDateString()) return time
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}

/** Milliseconds between two times; until `now` where the second is missing. */
export function durationMs(from: string | null, to: string | null, now: number): number | null {
  return from === null ? null : (to === null ? now : Date.parse(to)) - Date.parse(from)
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${EXACT.format(n)} ${n === 1 ? one : many}`
