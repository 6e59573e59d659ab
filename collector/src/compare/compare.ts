import type { ComparedRow, ComparedSide, Comparison } from '@cairn/sdk/protocol'
import { align } from './align.ts'
import { findHighlights } from './highlights.ts'
import { differenceOf, toRow } from './judge.ts'
import type { CompareNode } from './node.ts'
import { fromUsd } from './usd.ts'

export interface LoadedSide {
  readonly side: ComparedSide
  readonly nodes: readonly CompareNode[]
}

interface Wanted {
  readonly by: 'step' | 'span'
  readonly relation: Comparison['relation']
  readonly only?: 'changed' | undefined
  readonly limit: number
}

/** Two sides beside each other. */
export function compare(a: LoadedSide, b: LoadedSide, { by, relation, only, limit }: Wanted): Comparison {
  const all = align(a.nodes, b.nodes).map(toRow)
  const wanted = only === undefined ? all : all.filter(hasDifference)
  const rows = wanted.slice(0, limit)
  const measured = ({ side }: LoadedSide) => ({
    item: { durationMs: side.durationMs ?? undefined, tokens: side.tokens },
    cost: side.costUsd === null ? null : fromUsd(side.costUsd),
  })
  return {
    by,
    relation,
    a: a.side,
    b: b.side,
    difference: differenceOf(measured(a), measured(b)),
    totals: countRows(all),
    highlights: findHighlights(all),
    rows,
    rowsLeftOut: all.length - rows.length,
  }
}

/** Whether a row is worth a look: it holds something else, or was slower, faster, dearer or cheaper. */
const hasDifference = (row: ComparedRow): boolean =>
  (row.verdict !== 'same' && row.verdict !== 'shared') || row.speed !== undefined || row.price !== undefined

function countRows(rows: readonly ComparedRow[]): Comparison['totals'] {
  const totals = { shared: 0, same: 0, changed: 0, added: 0, removed: 0, slower: 0, faster: 0, dearer: 0, cheaper: 0 }
  for (const { verdict, speed, price } of rows) {
    totals[verdict] += 1
    if (speed !== undefined) totals[speed] += 1
    if (price !== undefined) totals[price] += 1
  }
  return totals
}
