'use client'
import { SPAN_FLAGS } from '@cairn/sdk/protocol'
import { X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { kindColor } from '@/features/run/kind-color'
import { useNow } from '@/features/run/use-now'
import { useShortcuts } from '@/features/shell/commands'
import { formatMs } from '@/lib/format'
import { Button } from '@/ui/button'
import { boxAt, boxesOfLanes, type FlameBox, layOutFlame } from './flame-model'
import { factsOf } from './span-facts'
import { createTimeAxis, endsOf, placesOf, sinceOrigin, zoomAxis } from './time-axis'
import { parentOf, rowOfSpanId, spanIdOf } from './trace-index'
import type { TraceData } from './trace-worker'
import { type KeyPress, useNowhereKeys } from './use-nowhere-keys'
import { useTraceAddress } from './use-trace-address'

const LANE_PX = 20
const NARROWEST_PX = 2
const TEXT_PX = 40
/** Above a box that ran beside what is over it. */
const BESIDE_PX = 5

interface FlameViewProps {
  readonly data: TraceData
  readonly selected: string | null
  readonly onSelect: (spanId: string) => void
  readonly onShowWaterfall: () => void
}

/** The trace from above: time from left to right, what called what from top to bottom. ↑ parent, ↓ child, ← → siblings. */
export function FlameView({ data, selected, onSelect, onShowWaterfall }: FlameViewProps) {
  const [address, setAddress] = useTraceAddress()
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
    const whole = createTimeAxis({ start: columns.start, ends, foldsGaps: !address.gaps })
    const zoom = placesOf(whole, address.zoom)
    const axis = zoom === null ? whole : zoomAxis(whole, ...zoom)
    return {
      ends,
      axis,
      isZoomed: zoom !== null,
      ...layOutFlame({ index: data.index, start: columns.start, ends, axis, narrowest: NARROWEST_PX / Math.max(1, width) }),
    }
  }, [data, columns, width, now, address.gaps, address.zoom])
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
    const above = parentOf(data.index, row)
    const caller = above < 0 ? '' : `, called by ${factsOf(data, above).label.slice(0, 200)}`
    return `${facts.label}, ${facts.kind}${caller}, ${formatMs(((flame.ends[row] ?? 0) - (columns.start[row] ?? 0)) / 1e6)}${facts.isFailed ? ', failed' : ''}`
  }
  const showAll = () => void setAddress({ zoom: null })
  const zoomIn = () => {
    const from = columns.start[selectedRow]
    const to = flame.ends[selectedRow]
    if (from !== undefined && to !== undefined && to > from) void setAddress({ zoom: [from / 1e6, to / 1e6] })
  }
  useShortcuts('Flame graph', [
    { keys: ['ArrowUp', 'ArrowDown'], what: 'What called it, what it called' },
    { keys: ['ArrowLeft', 'ArrowRight'], what: 'What ran before it, after it' },
    { keys: 'z', what: 'Zoom to the span', run: zoomIn },
    { keys: '0', what: 'Show all of the time', run: showAll },
    { keys: 'Enter', what: 'The span in the waterfall' },
  ])
  const onKeyDown = (event: KeyPress): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    const to = neighbour(data, selectedRow, event.key)
    if (to !== undefined) onSelect(spanIdOf(columns, to))
    else if (event.key === 'Enter' && selectedRow >= 0) onShowWaterfall()
    else return false
    event.preventDefault()
    return true
  }
  useNowhereKeys(onKeyDown, () => scroller.current?.focus({ preventScroll: true }))
  const selectedLane = flame.boxes.find((box) => box.row === selectedRow)?.lane
  useEffect(() => {
    const element = scroller.current
    if (element === null || selectedLane === undefined) return
    const above = selectedLane * LANE_PX
    if (above < element.scrollTop) element.scrollTop = above
    else if (above + LANE_PX > element.scrollTop + element.clientHeight) element.scrollTop = above + LANE_PX - element.clientHeight
  }, [selectedLane])
  const boxOf = (event: { clientX: number; clientY: number; currentTarget: Element }) => {
    const area = event.currentTarget.getBoundingClientRect()
    return boxAt(flame.boxes, (event.clientX - area.left) / area.width, Math.floor((event.clientY - area.top + top) / LANE_PX))
  }
  const said = hovered?.row ?? selectedRow
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex min-h-8 flex-wrap items-center gap-2 border-b px-4 py-0.5 text-xs">
        <p role="status" className="tabular min-w-0 truncate">
          {said >= 0 ? (
            describe(said)
          ) : (
            <span className="text-muted">
              {flame.boxes.length} boxes. Point at one, or use the arrow keys.
              {flame.boxes.some((box) => box.isBeside) &&
                ' A dashed line: what is below it ran beside what is above, and was not called by it.'}
            </span>
          )}
        </p>
        <span className="ml-auto" />
        {selectedRow >= 0 && !flame.isZoomed && (
          <Button size="small" variant="ghost" onClick={zoomIn} title="z">
            Zoom to the span
          </Button>
        )}
        {flame.isZoomed && (
          <Button size="small" onClick={showAll} title="0">
            <X size={12} aria-hidden /> {formatMs((flame.axis.to - flame.axis.from) / 1e6)} shown, show all
          </Button>
        )}
      </div>
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is moved over with the arrow keys; what is selected is said above
        tabIndex={0}
        role="application"
        aria-label="Flame graph"
        onKeyDown={(event) => void onKeyDown(event)}
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
  for (const { row, x0, x1, lane, isBeside } of boxes) {
    const facts = factsOf(data, row)
    const left = Math.max(0, x0) * width
    const px = Math.max(1, Math.min(1, x1) * width - left - 1)
    const top = lane * LANE_PX - above
    context.fillStyle = color(facts.isFailed ? 'var(--bad)' : kindColor(facts.kind))
    // What ran beside what is above it doesn't touch that, as what was called by it does.
    const gap = isBeside ? BESIDE_PX : 1
    context.fillRect(left, top + gap, px, LANE_PX - gap - 1)
    if (isBeside) {
      context.lineWidth = 1
      context.strokeStyle = color('var(--muted)')
      context.setLineDash([3, 2])
      context.beginPath()
      context.moveTo(left, top + 1.5)
      context.lineTo(left + px, top + 1.5)
      context.stroke()
      context.setLineDash([])
    }
    if (row === selectedRow) {
      context.strokeStyle = color('var(--fg)')
      context.lineWidth = 2
      context.strokeRect(left + 1, top + gap + 1, Math.max(1, px - 2), LANE_PX - gap - 3)
    }
    if (px < TEXT_PX) continue
    context.save()
    context.beginPath()
    context.rect(left, top, px - 4, LANE_PX)
    context.clip()
    context.fillStyle = ground
    context.fillText(facts.label.slice(0, 200), left + 5, top + (LANE_PX + gap - 1) / 2)
    context.restore()
  }
}
