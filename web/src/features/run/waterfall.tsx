'use client'
import type { OpenSpan, SpanSummary } from '@cairn/sdk/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { formatMs, formatTime } from '@/lib/format'
import { CrashGaps } from './crash-gaps'
import { fromOpenSpan, fromSummary } from './drawn-span'
import { kindColor } from './kind-color'
import { useNow } from './use-now'
import { buildWaterfall, nextError, type Row } from './waterfall-model'
import { axisWidth, ROW_PX, WaterfallRow } from './waterfall-row'

/** The narrowest it is drawn: below that it scrolls sideways. */
const MIN_PX = 512

interface WaterfallProps {
  readonly spans: readonly SpanSummary[]
  /** Begun and not ended. */
  readonly open: readonly OpenSpan[]
  readonly checkpoints: ReadonlySet<string>
  readonly selected: string | null
  readonly onSelect: (spanId: string | null) => void
  /** What ended each execution and what began the next, by number. */
  readonly executions: readonly { number: number; outcome: string | null; startedAt: string; endedAt: string | null }[]
}

/** All executions of a run on one axis. ↑↓ move, ←→ fold, Enter opens, e goes to the next error. */
export function Waterfall({ spans, open, checkpoints, selected, onSelect, executions }: WaterfallProps) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [cursor, setCursor] = useState(0)
  const scroll = useRef<HTMLDivElement>(null)
  const nowMs = useNow(open.length > 0)
  const drawn = useMemo(() => [...spans.map(fromSummary), ...open.map(fromOpenSpan)], [spans, open])
  const { rows, scale, errors } = useMemo(
    () => buildWaterfall({ spans: drawn, checkpoints, collapsed, nowMs }),
    [drawn, checkpoints, collapsed, nowMs],
  )
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW_PX, overscan: 20 })
  const axisPx = axisWidth(Math.max(MIN_PX, list.scrollRect?.width ?? 0))
  const at = Math.min(cursor, Math.max(0, rows.length - 1))

  // A span that a link or a table names is brought into sight.
  const selectedRow = selected === null ? -1 : rows.findIndex((row) => row.span.spanId === selected)
  useEffect(() => {
    if (selectedRow < 0) return
    setCursor(selectedRow)
    list.scrollToIndex(selectedRow, { align: 'auto' })
  }, [selectedRow, list])

  const moveTo = (row: number) => {
    const bounded = Math.max(0, Math.min(rows.length - 1, row))
    setCursor(bounded)
    list.scrollToIndex(bounded, { align: 'auto' })
    const target = rows[bounded]
    if (selected !== null && target !== undefined) onSelect(target.span.spanId)
  }
  const fold = (row: Row | undefined, close: boolean) => {
    if (row === undefined || !row.hasChildren || row.isCollapsed === close) return false
    const next = new Set(collapsed)
    if (close) next.add(row.span.spanId)
    else next.delete(row.span.spanId)
    setCollapsed(next)
    return true
  }
  const parentOf = (row: number) => rows.findLastIndex((candidate, i) => i < row && candidate.depth < (rows[row]?.depth ?? 0))

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const current = rows[at]
    const actions = new Map<string, () => unknown>([
      ['ArrowDown', () => moveTo(at + 1)],
      ['j', () => moveTo(at + 1)],
      ['ArrowUp', () => moveTo(at - 1)],
      ['k', () => moveTo(at - 1)],
      ['PageDown', () => moveTo(at + 20)],
      ['PageUp', () => moveTo(at - 20)],
      ['Home', () => moveTo(0)],
      ['End', () => moveTo(rows.length - 1)],
      ['ArrowRight', () => fold(current, false) || moveTo(at + 1)],
      ['ArrowLeft', () => fold(current, true) || moveTo(Math.max(0, parentOf(at)))],
      ['Enter', () => current && onSelect(current.span.spanId)],
      ['Escape', () => onSelect(null)],
      ['e', () => moveTo(nextError(errors, at) ?? at)],
      ['E', () => moveTo(nextError(errors, at, true) ?? at)],
    ])
    const action = actions.get(event.key)
    if (action === undefined) return
    event.preventDefault()
    action()
  }

  const first = scale.stretches[0]
  const last = scale.stretches.at(-1)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-4 border-b px-4 py-1.5 text-2xs text-muted">
        <Legend />
        <span className="tabular ml-auto">
          {drawn.length} spans{errors.length > 0 && `, ${errors.length} failed`}
        </span>
        {first !== undefined && last !== undefined && (
          <span className="tabular hidden sm:inline">
            {formatTime(new Date(first.fromMs).toISOString())} – {formatTime(new Date(last.toMs).toISOString())} (
            {formatMs(last.toMs - first.fromMs)})
          </span>
        )}
      </div>
      <div
        ref={scroll}
        role="tree"
        aria-label="Spans"
        aria-activedescendant={rows[at] === undefined ? undefined : `row-${rows[at].span.spanId}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="relative min-h-[16rem] flex-1 overflow-auto focus-visible:outline-offset-[-2px]"
      >
        <div style={{ height: list.getTotalSize(), minWidth: MIN_PX }} className="relative">
          <CrashGaps rows={rows} scale={scale} executions={executions} />
          {list.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <WaterfallRow
                key={row.span.spanId}
                row={row}
                scale={scale}
                top={item.start}
                axisPx={axisPx}
                isCursor={item.index === at}
                isSelected={row.span.spanId === selected}
                onSelect={() => {
                  setCursor(item.index)
                  onSelect(row.span.spanId)
                }}
                onFold={() => fold(row, !row.isCollapsed)}
              />
            )
          })}
        </div>
      </div>
      <p className="hidden border-t px-4 py-1 text-2xs text-muted md:block">↑↓ move · ←→ fold · Enter open · e next error · Esc close</p>
    </div>
  )
}

function Legend() {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {['agent', 'model', 'tool', 'step'].map((kind) => (
        <li key={kind} className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-sm" style={{ background: kindColor(kind) }} />
          {kind}
        </li>
      ))}
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="hatched h-2.5 w-4 rounded-sm" />
        interrupted
      </li>
      <li className="flex items-center gap-1.5">
        <span aria-hidden className="size-1.5 rotate-45 bg-good" />
        checkpoint
      </li>
    </ul>
  )
}
