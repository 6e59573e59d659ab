import type { Step } from '@cairn/sdk/protocol'
import { Big } from 'big.js'
import { knownUsd } from '../../lib/spending'

interface Priced {
  readonly key: string
  readonly cost: Pick<Step['cost'], 'total' | 'parts'>
}

export interface ForkPlan<T> {
  /** Their checkpoints are the fork's too. */
  readonly shared: readonly T[]
  readonly anew: readonly T[]
  /** US dollars of what is shared, the priced part; null: nothing of it has a price. */
  readonly saves: string | null
  /** Something of it has no price. */
  readonly isPartly: boolean
}

/** What a fork from a step shares, and what it runs anew. A step that has no checkpoint yet comes after all that have one. */
export function planFork<T extends Priced>(steps: readonly T[], fromStep: string): ForkPlan<T> {
  const at = steps.findIndex((step) => step.key === fromStep)
  const shared = at === -1 ? steps : steps.slice(0, at)
  const known = shared.flatMap(({ cost }) => knownUsd(cost) ?? [])
  return {
    shared,
    anew: at === -1 ? [] : steps.slice(at),
    saves: shared.length > 0 && known.length === 0 ? null : known.reduce((sum, usd) => sum.plus(usd), new Big(0)).toFixed(),
    isPartly: shared.some(({ cost }) => cost.total === null),
  }
}
