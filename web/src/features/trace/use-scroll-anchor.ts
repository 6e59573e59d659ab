'use client'
import { type RefObject, useLayoutEffect, useRef } from 'react'
import { ROW_PX } from './trace-row'
import type { TraceData } from './trace-worker'
import { indexOfPosition } from './visible-rows'

interface AnchorInput {
  readonly scroll: RefObject<HTMLElement | null>
  readonly data: TraceData
  readonly shown: Int32Array
  /** Index of the line that keys act on. */
  readonly at: number
}

interface Anchor {
  readonly data: TraceData
  readonly id: bigint
  readonly index: number
  /** Of the place for the lines. */
  readonly height: number
  readonly isCursor: boolean
}

/**
 * While a trace grows the reader's line stays where it is: that of the cursor if it is in sight, else the first one in sight. Where
 * there is less room than before, since a panel has opened, the cursor's line stays in sight.
 */
export function useScrollAnchor({ scroll, data, shown, at }: AnchorInput): void {
  const anchor = useRef<Anchor | null>(null)
  useLayoutEffect(() => {
    const element = scroll.current
    if (element === null || shown.length === 0) return
    const { index } = data
    const before = anchor.current
    if (before !== null && before.data !== data) {
      const row = index.id.indexOf(before.id)
      const by = row < 0 ? 0 : indexOfPosition(shown, index.positionOf[row] ?? 0) - before.index
      if (by !== 0) element.scrollTop += by * ROW_PX
    }
    const height = element.clientHeight
    if (before?.isCursor && height < before.height) element.scrollTop = Math.max(element.scrollTop, (at + 1) * ROW_PX - height)
    const first = Math.ceil(element.scrollTop / ROW_PX)
    const isInSight = at >= first && (at + 1) * ROW_PX <= element.scrollTop + height
    const kept = Math.min(shown.length - 1, isInSight ? at : first)
    anchor.current = { data, id: index.id[index.spanAt[shown[kept] ?? 0] ?? 0] ?? 0n, index: kept, height, isCursor: isInSight }
  })
}
