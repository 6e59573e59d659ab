import type { Cost } from '@cairn/sdk/protocol'
import { Big } from 'big.js'
import { formatUsd } from './format'

/** US dollars of what has a price; null: nothing of it has. */
export function knownUsd({ total, parts }: Pick<Cost, 'total' | 'parts'>): string | null {
  if (total !== null) return total
  const known = Object.values(parts).reduce((sum, usd) => sum.plus(usd), new Big(0))
  return known.gt(0) ? known.toFixed() : null
}

/** Where a part of it has no price, what is known is the least that it was. */
export function formatCost(cost: Pick<Cost, 'total' | 'parts'>): string {
  return cost.total === null ? formatAtLeast(knownUsd(cost)) : formatUsd(cost.total)
}

export const formatAtLeast = (usd: string | null): string => (usd === null ? formatUsd(null) : `≥ ${formatUsd(usd)}`)
