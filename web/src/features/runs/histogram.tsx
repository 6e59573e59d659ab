'use client'
import type { RunFacets } from '@cairn/sdk/protocol'
import { type PointerEvent, useState } from 'react'
import { formatCount, formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'

interface HistogramProps {
  readonly histogram: RunFacets['histogram']
  /** RFC 3339. */
  readonly onRange: (from: string, to: string) => void
}

const HEIGHT = 40
/** Few bars stand at the right, each as wide as a bar, instead of filling the page. */
const FEWEST_PLACES = 48

/** Runs by time and outcome; a drag over it narrows the query to that time. */
export function Histogram({ histogram: { from, bucketMs, buckets }, onRange }: HistogramProps) {
  useTimeZone()
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null)
  const last = buckets.at(-1)
  if (from === null || last === undefined) return <div style={{ height: HEIGHT }} />
  const filled = Math.max(1, Math.round((Date.parse(last.at) - Date.parse(from)) / bucketMs) + 1)
  const count = Math.max(FEWEST_PLACES, filled)
  const startMs = Date.parse(from) - (count - filled) * bucketMs
  const most = Math.max(1, ...buckets.map((b) => b.ok + b.bad + b.other))
  const at = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - left) / width))
  }
  const finish = () => {
    if (drag === null) return
    const [low, high] = [Math.min(drag.start, drag.end), Math.max(drag.start, drag.end)]
    setDrag(null)
    const [first, end] = [Math.floor(low * count), Math.max(Math.floor(low * count) + 1, Math.ceil(high * count))]
    onRange(new Date(startMs + first * bucketMs).toISOString(), new Date(startMs + end * bucketMs).toISOString())
  }
  const total = buckets.reduce((sum, b) => sum + b.ok + b.bad + b.other, 0)
  const bar = (i: number, part: { y: number; size: number; color: string }) => (
    <rect key={part.color} x={i + 0.08} width={0.84} y={HEIGHT - part.y - part.size} height={part.size} fill={`var(--${part.color})`} />
  )
  return (
    <svg
      role="img"
      aria-label={`${formatCount(total)} runs from ${formatTime(from)} to ${formatTime(last.at)}`}
      viewBox={`0 0 ${count} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="block w-full cursor-crosshair touch-none select-none"
      style={{ height: HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ start: at(event), end: at(event) })
      }}
      onPointerMove={(event) => drag !== null && setDrag({ ...drag, end: at(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(null)}
    >
      {buckets.map((b) => {
        const i = Math.round((Date.parse(b.at) - startMs) / bucketMs)
        const size = (n: number) => (n === 0 ? 0 : Math.max(1, (n / most) * (HEIGHT - 2)))
        const [bad, ok, other] = [size(b.bad), size(b.ok), size(b.other)]
        return (
          <g key={b.at}>
            <title>{`${formatTime(b.at)}: ${b.ok} succeeded, ${b.bad} failed, ${b.other} other`}</title>
            {bar(i, { y: 0, size: bad, color: 'bad' })}
            {bar(i, { y: bad, size: ok, color: 'good' })}
            {bar(i, { y: bad + ok, size: other, color: 'info' })}
          </g>
        )
      })}
      {drag !== null && (
        <rect
          x={Math.min(drag.start, drag.end) * count}
          width={Math.abs(drag.end - drag.start) * count}
          y={0}
          height={HEIGHT}
          fill="var(--accent)"
          opacity={0.25}
        />
      )}
    </svg>
  )
}
