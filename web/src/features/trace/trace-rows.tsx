'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, useCallback, useEffect, useMemo, useRef } from 'react'
import { CrashGaps, EXECUTIONS_ID, ExecutionsNote, type ShownExecution } from './crash-gaps'
import { executionRoots, factsOf, type SpanFacts } from './span-facts'
import type { TimeAxis } from './time-axis'
import { spanIdOf } from './trace-index'
import { axisWidth, ROW_PX, TraceRow } from './trace-row'
import type { TraceAnalysis, TraceData } from './trace-worker'
import type { Folding } from './use-fold'
import { useScrollAnchor } from './use-scroll-anchor'
import type { TraceCursor } from './use-trace-cursor'
import { useTraceKeys } from './use-trace-keys'
import { indexOfPosition, isFolded } from './visible-rows'

/** The narrowest it is drawn: below that it scrolls sideways. */
const MIN_PX = 512
const OVERSCAN = 12
/** Of the element that has the lines and their keys. */
export const LINES_ID = 'trace-lines'

export interface TraceRowsProps {
  readonly data: TraceData
  readonly analysis: TraceAnalysis | null
  readonly axis: TimeAxis
  readonly ends: Float64Array
  /** 1 by row that a search found; null: nothing is sought. */
  readonly found: Uint8Array | null
  readonly checkpoints: ReadonlySet<bigint>
  readonly executions: readonly ShownExecution[]
  readonly originMs: number
  readonly folding: Folding
  readonly cursor: TraceCursor
  readonly showsCritical: boolean
  readonly selected: string | null
  /** Nanoseconds since the origin. */
  readonly onZoomTo: (from: number, to: number) => void
  readonly onZoomOut: () => void
  readonly onToggleCritical: () => void
}

/** The lines in sight, and no others. */
export function TraceRows(props: TraceRowsProps) {
  const { data, axis, executions, originMs, folding, cursor } = props
  const { index } = data
  const { shown } = folding
  const scroll = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  })
  useEffect(() => {
    cursor.scrollTo.current = (shownIndex) => list.scrollToIndex(shownIndex, { align: 'auto' })
  }, [cursor.scrollTo, list])
  useScrollAnchor({ scroll, data, shown, at: cursor.at })
  const axisPx = axisWidth(Math.max(MIN_PX, list.scrollRect?.width ?? 0))
  const roots = useMemo(() => executionRoots(data), [data])
  // Facts of a span are made when its line first comes into sight, anew for each answer.
  const facts = useMemo(() => ({ of: data, known: new Map<number, SpanFacts>() }), [data])
  const focusLines = useCallback(() => scroll.current?.focus({ preventScroll: true }), [])
  const pageRows = Math.max(1, Math.floor((list.scrollRect?.height ?? 520) / ROW_PX) - 1)
  const onKeyDown = useTraceKeys({ ...props, pageRows, focusLines })
  const onClick = (event: MouseEvent) => {
    const target = event.target as Element
    const position = Number(target.closest('[data-position]')?.getAttribute('data-position') ?? Number.NaN)
    if (Number.isNaN(position)) return
    if (target.closest('[data-fold]') !== null && (index.end[position] ?? 0) > position + 1) folding.toggle(position)
    else cursor.select(position)
  }
  const factsAt = (row: number): SpanFacts => {
    const known = facts.known.get(row) ?? factsOf(facts.of, row)
    facts.known.set(row, known)
    return known
  }
  return (
    <>
      <ExecutionsNote executions={executions} />
      <div
        ref={scroll}
        id={LINES_ID}
        role="tree"
        aria-label="Spans"
        aria-describedby={executions.length === 0 ? undefined : EXECUTIONS_ID}
        aria-activedescendant={index.rows === 0 ? undefined : `row-${spanIdOf(index, index.spanAt[cursor.position] ?? 0)}`}
        tabIndex={0}
        onKeyDown={(event) => void onKeyDown(event)}
        onClick={onClick}
        className="relative min-h-[16rem] flex-1 overflow-auto focus-visible:outline-offset-[-2px]"
      >
        <div style={{ height: list.getTotalSize(), minWidth: MIN_PX }} className="relative">
          <CrashGaps
            axis={axis}
            originMs={originMs}
            executions={executions}
            rowOf={(execution) => indexOfPosition(shown, roots.get(execution) ?? 0)}
          />
          {list.getVirtualItems().map((item) => {
            const position = shown[item.index]
            if (position === undefined) return null
            const row = index.spanAt[position] ?? 0
            return (
              <TraceRow
                key={row}
                {...lineOf(props, { position, row, facts: factsAt(row) })}
                top={item.start}
                axisPx={axisPx}
                isCursor={item.index === cursor.at}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

interface Line {
  readonly position: number
  readonly row: number
  readonly facts: SpanFacts
}

function lineOf(
  { data, analysis, axis, ends, found, checkpoints, folding, showsCritical, selected }: TraceRowsProps,
  { position, row, facts }: Line,
) {
  const { table, index } = data
  const { columns } = table
  const start = columns.start[row] ?? 0
  const end = ends[row] ?? start
  const id = spanIdOf(index, row)
  const below = (index.end[position] ?? position + 1) - position - 1
  const firstTokenMs = columns.ttft[row] ?? Number.NaN
  return {
    id,
    facts,
    position,
    x0: axis.at(start),
    x1: axis.at(end),
    // NaN would never be equal to itself, and so the line never be left as it is.
    firstToken: Number.isNaN(firstTokenMs) ? -1 : axis.at(start + firstTokenMs * 1e6),
    durationMs: (end - start) / 1e6,
    selfMs: below === 0 || analysis === null ? null : (analysis.self[row] ?? 0) / 1e6,
    depth: index.depth[position] ?? 0,
    below,
    isFolded: below > 0 && isFolded(index, folding.fold, position),
    isCheckpoint: checkpoints.has(columns.id[row] ?? 0n),
    triesBefore: analysis?.triesBefore[row] ?? 0,
    placeInSet: analysis?.places.number[row] ?? 0,
    setSize: analysis?.places.of[row] ?? 0,
    isMatch: found?.[row] === 1,
    isPale: showsCritical && analysis !== null && analysis.critical[row] === 0,
    isCritical: showsCritical && analysis?.critical[row] === 1,
    isSelected: id === selected,
  }
}
