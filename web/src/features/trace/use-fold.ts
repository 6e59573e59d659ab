'use client'
import { useCallback, useMemo, useState } from 'react'
import { spanIdOf } from './trace-index'
import type { TraceData } from './trace-worker'
import type { useTraceAddress } from './use-trace-address'
import { type Fold, reveal, toggleFold, visiblePositions } from './visible-rows'

/** More would make an address that is too long to be sent to anybody. */
const MOST_IN_ADDRESS = 60

/** What is folded lies in the address: the level, and what was folded or opened by hand as far as it has room. */
export function useFold(data: TraceData, [address, setAddress]: ReturnType<typeof useTraceAddress>) {
  const { level, folded } = address
  // Of the level at which they were folded: Back to another one, or to folds of the address, leaves them behind.
  const [kept, setKept] = useState<Fold | null>(null)
  const many = kept !== null && kept.level === level && folded.length === 0 ? kept.toggled : null
  const fold = useMemo(() => ({ level, toggled: many ?? new Set(folded.map((id) => BigInt(`0x${id}`))) }), [level, folded, many])
  const shown = useMemo(() => visiblePositions(data.index, fold), [data.index, fold])
  const setToggled = useCallback(
    (toggled: Fold['toggled'], history: 'push' | 'replace') => {
      const fits = toggled.size <= MOST_IN_ADDRESS
      setKept(fits ? null : { level, toggled })
      void setAddress({ folded: fits ? [...toggled].map(toHex) : null }, { history: fits ? history : 'replace' })
    },
    [level, setAddress],
  )
  const toggle = useCallback(
    (position: number) => setToggled(toggleFold(data.index, fold, position).toggled, 'push'),
    [data.index, fold, setToggled],
  )
  const revealRow = useCallback(
    (row: number): Int32Array => {
      const next = reveal(data.index, fold, row)
      if (next === fold) return shown
      setToggled(next.toggled, 'replace')
      return visiblePositions(data.index, next)
    },
    [data.index, fold, shown, setToggled],
  )
  const setLevel = (next: number | null) => {
    setKept(null)
    void setAddress({ level: next, folded: null })
  }
  return { fold, shown, toggle, reveal: revealRow, setLevel }
}

const toHex = (id: bigint) => spanIdOf({ id: BigUint64Array.of(id) }, 0)

export type Folding = ReturnType<typeof useFold>
