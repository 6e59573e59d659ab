'use client'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { failedPositions, nextPosition } from './span-facts'
import { rowOfSpanId, spanIdOf } from './trace-index'
import type { TraceData } from './trace-worker'
import type { Folding } from './use-fold'
import { indexOfPosition } from './visible-rows'

interface CursorInput {
  readonly data: TraceData
  readonly folding: Folding
  /** Positions that a search found; null: nothing is sought. */
  readonly found: Int32Array | null
  readonly selected: string | null
  readonly onSelect: (spanId: string | null) => void
}

/** The line that keys act on. It stays with its span when lines come before it. */
export function useTraceCursor({ data, folding, found, selected, onSelect }: CursorInput) {
  const { index } = data
  const { shown } = folding
  const [cursorId, setCursorId] = useState<bigint | null>(null)
  const scrollTo = useRef<(shownIndex: number) => void>(() => {})
  const row = cursorId === null ? -1 : index.id.indexOf(cursorId)
  const position = row < 0 ? 0 : (index.positionOf[row] ?? 0)
  const at = indexOfPosition(shown, position)
  const failed = useMemo(() => failedPositions(data), [data])

  const goToRow = useCallback(
    (target: number) => {
      const now = folding.reveal(target)
      setCursorId(index.id[target] ?? null)
      // After the rows that were opened have been counted.
      requestAnimationFrame(() => scrollTo.current(indexOfPosition(now, index.positionOf[target] ?? 0)))
    },
    [index, folding],
  )
  const goTo = (target: number | undefined) => {
    if (target === undefined) return
    const targetRow = index.spanAt[target] ?? 0
    goToRow(targetRow)
    if (selected !== null) onSelect(spanIdOf(index, targetRow))
  }
  const moveTo = (shownIndex: number) => {
    const bounded = Math.max(0, Math.min(shown.length - 1, shownIndex))
    const target = index.spanAt[shown[bounded] ?? 0] ?? 0
    setCursorId(index.id[target] ?? null)
    scrollTo.current(bounded)
    if (selected !== null) onSelect(spanIdOf(index, target))
  }

  // A span that a link or a table names is brought into sight: once, not with each answer of a run that goes on.
  const isThere = rowOfSpanId(index, selected) >= 0
  const broughtFor = useRef<string | null>(null)
  useEffect(() => {
    if (!isThere || selected === null || broughtFor.current === selected) return
    broughtFor.current = selected
    const target = rowOfSpanId(index, selected)
    if (index.id[target] !== cursorId) goToRow(target)
  }, [isThere, selected, index, cursorId, goToRow])

  return {
    at,
    position: shown[at] ?? 0,
    failed,
    scrollTo,
    moveTo,
    select: (target: number | null) => {
      if (target === null) return onSelect(null)
      const targetRow = index.spanAt[target] ?? 0
      broughtFor.current = spanIdOf(index, targetRow)
      setCursorId(index.id[targetRow] ?? null)
      onSelect(broughtFor.current)
    },
    nextError: (back = false) => goTo(nextPosition(failed, position, back)),
    nextFound: (back = false) => found !== null && goTo(nextPosition(found, position, back)),
    goToRow,
  }
}

export type TraceCursor = ReturnType<typeof useTraceCursor>
