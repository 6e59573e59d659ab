'use client'
import { useCallback, useMemo, useState } from 'react'
import type { TraceData } from './trace-worker'
import { type Fold, NOTHING_FOLDED, reveal, toggleFold, visiblePositions } from './visible-rows'

/** What is folded: the level lies in the address, what was folded by hand doesn't. */
export function useFold(data: TraceData, level: number | null, onLevel: (level: number | null) => void) {
  const [toggled, setToggled] = useState<Fold['toggled']>(NOTHING_FOLDED.toggled)
  const fold = useMemo(() => ({ level, toggled }), [level, toggled])
  const shown = useMemo(() => visiblePositions(data.index, fold), [data.index, fold])
  const toggle = useCallback((position: number) => setToggled(toggleFold(data.index, fold, position).toggled), [data.index, fold])
  const revealRow = useCallback(
    (row: number): Int32Array => {
      const next = reveal(data.index, fold, row)
      if (next === fold) return shown
      setToggled(next.toggled)
      return visiblePositions(data.index, next)
    },
    [data.index, fold, shown],
  )
  const setLevel = (next: number | null) => {
    setToggled(NOTHING_FOLDED.toggled)
    onLevel(next)
  }
  return { fold, shown, toggle, reveal: revealRow, setLevel }
}

export type Folding = ReturnType<typeof useFold>
