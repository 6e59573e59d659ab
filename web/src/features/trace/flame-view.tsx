'use client'
import { SPAN_FLAGS } from '@cairn/sdk/protocol'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { kindColor } from '@/features/run/kind-color'
import { formatMs } from '@/lib/format'
import { boxAt, type FlameBox, layOutFlame } from './flame-model'
import { factsOf } from './span-facts'
import { createTimeAxis, endsOf } from './time-axis'
import { parentOf, rowOfSpanId, spanIdOf } from './trace-index'
import type { TraceData } from './trace-worker'

const LANE_PX = 20
const NARROWEST_PX = 2
const TEXT_PX = 40

interface FlameViewProps {
  readonly data: TraceData
  readonly selected: string | null
  readonly onSelect: (spanId: string) => void
}

/** The trace from above: time from left to right, what called what from top to bottom. ↑ parent, ↓ child, ← → siblings. */
export function FlameView({ data, selected, onSelect }: FlameViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const [hovered, setHovered] = useState<FlameBox | undefined>()
  const { columns } = data.table
  const flame = useMemo(() => {
    const ends = endsOf(columns, SPAN_FLAGS.open, columns.start.at(-1) ?? 0)
    const axis = createTimeAxis({ start: columns.start, ends, foldsGaps: true })
    return { ends, ...layOutFlame({ index: data.index, start: columns.start, ends, axis, narrowest: NARROWEST_PX / Math.max(1, width) }) }
  }, [data, columns, width])
  useEffect(() => {
    const element = canvas.current?.parentElement
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const selectedRow = rowOfSpanId(columns, selected)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context && width > 0) draw(context, { data, boxes: flame.boxes, width, selectedRow })
  }, [data, flame, width, selectedRow])

  const describe = (row: number) => {
    const facts = factsOf(data, row)
    return `${facts.label}, ${facts.kind}, ${formatMs(((flame.ends[row] ?? 0) - (columns.start[row] ?? 0)) / 1e6)}${facts.isFailed ? ', failed' : ''}`
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const to = neighbour(data, selectedRow, event.key)
    if (to === undefined) return
    event.preventDefault()
    onSelect(spanIdOf(columns, to))
  }
  const boxOf = (event: { clientX: number; clientY: number; currentTarget: Element }) => {
    const area = event.currentTarget.getBoundingClientRect()
    return boxAt(flame.boxes, (event.clientX - area.left) / area.width, Math.floor((event.clientY - area.top) / LANE_PX))
  }
  const said = hovered?.row ?? selectedRow
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <p role="status" className="tabular h-7 truncate border-b px-4 py-1 text-xs">
        {said >= 0 ? describe(said) : <span className="text-muted">{flame.boxes.length} boxes. Point at one, or use the arrow keys.</span>}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an application is moved over with the arrow keys; what is selected is said above */}
      <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="application" aria-label="Flame graph" onKeyDown={onKeyDown}>
        <div className="relative">
          <canvas
            ref={canvas}
            width={Math.max(1, width)}
            height={Math.max(1, flame.lanes * LANE_PX)}
            className="block w-full cursor-pointer"
            aria-hidden
            onMouseMove={(event) => setHovered(boxOf(event))}
            onMouseLeave={() => setHovered(undefined)}
            onClick={(event) => {
              const box = boxOf(event)
              if (box !== undefined) onSelect(spanIdOf(columns, box.row))
            }}
          />
        </div>
      </div>
    </div>
  )
}

function neighbour({ index }: TraceData, row: number, key: string): number | undefined {
  if (!['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].includes(key)) return undefined
  if (row < 0) return index.spanAt[0]
  const position = index.positionOf[row] ?? 0
  const end = index.end[position] ?? position + 1
  if (key === 'ArrowDown') return end > position + 1 ? index.spanAt[position + 1] : undefined
  const above = parentOf(index, row)
  if (key === 'ArrowUp') return above < 0 ? undefined : above
  const last = above < 0 ? index.rows : (index.end[index.positionOf[above] ?? 0] ?? 0)
  if (key === 'ArrowRight') return end < last ? index.spanAt[end] : undefined
  let before = -1
  for (let sibling = above < 0 ? 0 : (index.positionOf[above] ?? 0) + 1; sibling < position; sibling = index.end[sibling] ?? sibling + 1)
    before = sibling
  return before < 0 ? undefined : index.spanAt[before]
}

interface Drawing {
  readonly data: TraceData
  readonly boxes: readonly FlameBox[]
  readonly width: number
  readonly selectedRow: number
}

function draw(context: CanvasRenderingContext2D, { data, boxes, width, selectedRow }: Drawing): void {
  const style = getComputedStyle(context.canvas)
  const color = (css: string) => css.replace(/var\((--[\w-]+)\)/, (_, name: string) => style.getPropertyValue(name))
  const ground = color('var(--bg)')
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  context.font = `11px ${style.fontFamily}`
  context.textBaseline = 'middle'
  for (const { row, x0, x1, lane } of boxes) {
    const facts = factsOf(data, row)
    const left = Math.max(0, x0) * width
    const px = Math.max(1, Math.min(1, x1) * width - left - 1)
    const top = lane * LANE_PX
    context.fillStyle = color(facts.isFailed ? 'var(--bad)' : kindColor(facts.kind))
    context.fillRect(left, top + 1, px, LANE_PX - 2)
    if (row === selectedRow) {
      context.strokeStyle = color('var(--fg)')
      context.lineWidth = 2
      context.strokeRect(left + 1, top + 2, Math.max(1, px - 2), LANE_PX - 4)
    }
    if (px < TEXT_PX) continue
    context.save()
    context.beginPath()
    context.rect(left, top, px - 4, LANE_PX)
    context.clip()
    context.fillStyle = ground
    context.fillText(facts.label.slice(0, 200), left + 5, top + LANE_PX / 2)
    context.restore()
  }
}
