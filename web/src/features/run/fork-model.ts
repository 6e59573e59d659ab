import type { Step } from '@cairn/sdk/protocol'
import { Big } from 'big.js'

interface Priced {
  readonly key: string
  readonly cost: Pick<Step['cost'], 'total'>
}

export interface ForkPlan<T> {
  /** Their checkpoints are the fork's too. */
  readonly shared: readonly T[]
  readonly anew: readonly T[]
  /** US dollars of what is shared; null: something of it has no price. */
  readonly saves: string | null
}

/** What a fork from a step shares, and what it runs anew. A step that has no checkpoint yet comes after all that have one. */
export function planFork<T extends Priced>(steps: readonly T[], fromStep: string): ForkPlan<T> {
  const at = steps.findIndex((step) => step.key === fromStep)
  const shared = at === -1 ? steps : steps.slice(0, at)
  const prices = shared.map((step) => step.cost.total)
  const known = prices.filter((price) => price !== null)
  return {
    shared,
    anew: at === -1 ? [] : steps.slice(at),
    saves: known.length < prices.length ? null : known.reduce((sum, price) => sum.plus(price), new Big(0)).toFixed(),
  }
}
