'use client'
import { SPAN_FLAGS } from '@cairn/sdk/protocol'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { kindColor } from '@/features/run/kind-color'
import { useNow } from '@/features/run/use-now'
import { formatMs } from '@/lib/format'
import { boxAt, boxesOfLanes, type FlameBox, layOutFlame } from './flame-model'
import { factsOf } from './span-facts'
import { createTimeAxis, endsOf, sinceOrigin } from './time-axis'
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
  const scroller = useRef<HTMLDivElement>(null)
  const [{ width, height }, setSize] = useState({ width: 0, height: 0 })
  const [scrollTop, setScrollTop] = useState(0)
  const [hovered, setHovered] = useState<FlameBox | undefined>()
  const { columns, meta } = data.table
  const hasOpen = useMemo(() => columns.flags.some((flags) => (flags & SPAN_FLAGS.open) !== 0), [columns])
  // Laid out anew once a second, not with each tick.
  const nowMs = Math.floor(useNow(hasOpen) / 1_000) * 1_000
  const now = hasOpen ? sinceOrigin(meta.origin, nowMs) : 0
  const flame = useMemo(() => {
    const ends = endsOf(columns, SPAN_FLAGS.open, now)
    const axis = createTimeAxis({ start: columns.start, ends, foldsGaps: true })
    return { ends, ...layOutFlame({ index: data.index, start: columns.start, ends, axis, narrowest: NARROWEST_PX / Math.max(1, width) }) }
  }, [data, columns, width, now])
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    // Its width is less where a bar to scroll by has come.
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild)
    return () => observer.disconnect()
  }, [])
  // Only what is in sight is drawn: browsers have no canvas of some thousand lanes.
  const wholeHeight = flame.lanes * LANE_PX
  const shownHeight = Math.min(height, wholeHeight)
  const top = Math.max(0, Math.min(scrollTop, wholeHeight - shownHeight))
  const selectedRow = rowOfSpanId(columns, selected)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || width === 0 || shownHeight === 0) return
    const boxes = boxesOfLanes(flame.boxes, Math.floor(top / LANE_PX), Math.floor((top + shownHeight) / LANE_PX))
    draw(context, { data, boxes, width, top, selectedRow })
  }, [data, flame, width, shownHeight, top, selectedRow])

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
    return boxAt(flame.boxes, (event.clientX - area.left) / area.width, Math.floor((event.clientY - area.top + top) / LANE_PX))
  }
  const said = hovered?.row ?? selectedRow
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <p role="status" className="tabular h-7 truncate border-b px-4 py-1 text-xs">
        {said >= 0 ? describe(said) : <span className="text-muted">{flame.boxes.length} boxes. Point at one, or use the arrow keys.</span>}
      </p>
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is moved over with the arrow keys; what is selected is said above
        tabIndex={0}
        role="application"
        aria-label="Flame graph"
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          setScrollTop(event.currentTarget.scrollTop)
          setHovered(undefined)
        }}
      >
        <div style={{ height: wholeHeight }}>
          <canvas
            ref={canvas}
            width={Math.max(1, width)}
            height={Math.max(1, shownHeight)}
            className="sticky top-0 block w-full cursor-pointer"
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
  /** Pixels of the lanes that are scrolled away above. */
  readonly top: number
  readonly selectedRow: number
}

function draw(context: CanvasRenderingContext2D, { data, boxes, width, top: above, selectedRow }: Drawing): void {
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
    const top = lane * LANE_PX - above
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
