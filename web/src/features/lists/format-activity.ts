import { formatCount, formatUsd } from '@/lib/format'
import { formatAtLeast } from '@/lib/spending'

/** Dollars of what has a price, and how many calls have none. */
export function formatCost(usd: string | null, unpriced: number): string {
  if (usd === null || unpriced === 0) return formatUsd(usd)
  return `${formatUsd(usd)} + ${formatCount(unpriced)} without price`
}

/** The same where there is little room. */
export const formatCostShort = (usd: string | null, unpriced: number): string => (unpriced === 0 ? formatUsd(usd) : formatAtLeast(usd))

/** Of runs that came to an end; a dash before the first. */
export function formatRate(good: number, all: number): string {
  return all === 0 ? '–' : `${((good / all) * 100).toFixed(good === all || good === 0 ? 0 : 1)} %`
}

export const sessionPath = (id: string) => `/sessions/${encodeURIComponent(id)}`
export const userPath = (id: string) => `/users/${encodeURIComponent(id)}`
