'use client'
import { SPAN_FLAGS } from '@cairn/sdk/protocol'
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { kindColor } from '@/features/run/kind-color'
import { MinimapGaps, type ShownExecution } from './crash-gaps'
import type { TimeAxis } from './time-axis'
import type { TraceData } from './trace-worker'

const HEIGHT_PX = 44
const FULL: readonly [number, number] = [0, 1]
/** Lines of a short trace are as thick as there is room. */
const THICKEST_PX = 3
/** A shorter drag is a click. */
const MIN_DRAG = 0.004

export interface MinimapProps {
  readonly data: TraceData
  readonly axis: TimeAxis
  readonly ends: Float64Array
  readonly executions: readonly ShownExecution[]
  /** Milliseconds since 1970 at which the axis counts 0. */
  readonly originMs: number
  /** The part in view, 0…1 of the axis; null: all. */
  readonly zoom: readonly [number, number] | null
  readonly onZoom: (zoom: readonly [number, number] | null) => void
}

/** The whole trace at a glance. Drag over a part to zoom into it; a click without a drag shows all again. */
export function Minimap({ data, axis, ends, executions, originMs, zoom, onZoom }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const [drag, setDrag] = useState<readonly [number, number] | null>(null)
  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context && width > 0) drawSpans(context, { data, axis, ends, width })
  }, [data, axis, ends, width])

  const placeOf = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }
  const [from, to] = drag === null ? (zoom ?? FULL) : [Math.min(...drag), Math.max(...drag)]
  return (
    <div
      className="relative min-w-0 flex-1 cursor-crosshair touch-none select-none overflow-hidden bg-panel"
      style={{ height: HEIGHT_PX }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag([placeOf(event), placeOf(event)])
      }}
      onPointerMove={(event) => drag !== null && setDrag([drag[0], placeOf(event)])}
      onPointerUp={() => {
        if (drag === null) return
        const [a, b] = [Math.min(...drag), Math.max(...drag)]
        onZoom(b - a < MIN_DRAG ? null : [a, b])
        setDrag(null)
      }}
      onPointerCancel={() => setDrag(null)}
    >
      <canvas ref={canvas} width={Math.max(1, width)} height={HEIGHT_PX} aria-hidden className="absolute inset-0 size-full" />
      <MinimapGaps axis={axis} originMs={originMs} executions={executions} />
      <div className="absolute inset-y-0 left-0 bg-bg/70" style={{ width: `${from * 100}%` }} />
      <div className="absolute inset-y-0 right-0 bg-bg/70" style={{ width: `${(1 - to) * 100}%` }} />
      {(zoom !== null || drag !== null) && (
        <div className="absolute inset-y-0 border-accent border-x" style={{ left: `${from * 100}%`, right: `${(1 - to) * 100}%` }} />
      )}
    </div>
  )
}

interface Drawing {
  readonly data: TraceData
  readonly axis: TimeAxis
  readonly ends: Float64Array
  readonly width: number
}

/** Pixels are written one by one: a hundred thousand calls to draw a rectangle would take as long as three frames. */
function drawSpans(context: CanvasRenderingContext2D, { data, axis, ends, width }: Drawing): void {
  const { table, index } = data
  const { start, flags, kind } = table.columns
  const image = context.createImageData(width, HEIGHT_PX)
  const pixels = new Uint32Array(image.data.buffer)
  const colors = Uint32Array.from(table.words, () => 0)
  const bad = resolveColor('var(--bad)')
  for (const word of new Set(kind)) colors[word] = resolveColor(kindColor(table.words[word] ?? ''))
  const failed = SPAN_FLAGS.error | SPAN_FLAGS.interrupted
  for (const pass of [0, 1])
    for (let position = 0; position < index.rows; position++) {
      const row = index.spanAt[position] ?? 0
      const isFailed = ((flags[row] ?? 0) & failed) !== 0
      // What failed is drawn last, over the rest.
      if (isFailed !== (pass === 1)) continue
      const y = Math.min(HEIGHT_PX - 1, Math.floor((position / index.rows) * HEIGHT_PX))
      const x0 = Math.max(0, Math.floor(axis.at(start[row] ?? 0) * width))
      const x1 = Math.min(width - 1, Math.floor(axis.at(ends[row] ?? 0) * width))
      const lines = Math.min(THICKEST_PX, Math.max(1, Math.floor(HEIGHT_PX / index.rows) - 1))
      for (let line = 0; line < lines; line++)
        pixels.fill(isFailed ? bad : (colors[kind[row] ?? 0] ?? 0), (y + line) * width + x0, (y + line) * width + x1 + 1)
    }
  context.putImageData(image, 0, 0)
}

/** A colour of the theme as a pixel. */
function resolveColor(css: string): number {
  const probe = document.createElement('span')
  probe.style.color = css
  document.body.append(probe)
  const [r = 0, g = 0, b = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number)
  probe.remove()
  return (255 << 24) | (b << 16) | (g << 8) | r
}
