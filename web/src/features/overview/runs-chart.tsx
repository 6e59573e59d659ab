'use client'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { formatCount, formatParts } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { barsRange, runsHref } from './overview-model'
import { type Point, toPoints } from './series-model'

const SERIES = [
  ['crashed', 'var(--warn)'],
  ['failed', 'var(--bad)'],
  ['other', 'var(--info)'],
  ['succeeded', 'var(--good)'],
] as const
const TIME = { hour: '2-digit', minute: '2-digit' } as const
const DAY_TIME = { ...TIME, day: 'numeric', month: 'short' } as const
const OTHER = 'running, queued, waiting, paused, cancelled'

interface RunsChartProps {
  readonly series: { readonly intervalSeconds: number; readonly rows: readonly { at: string; status: string; runs: number }[] }
  readonly hours: number
}

const totalOf = (point: Point) => point.succeeded + point.failed + point.crashed + point.other

/** Bars of runs by outcome. A press on one, or a drag over several, opens the runs of that time; arrows, Shift and Enter do the same. */
export function RunsChart({ series, hours }: RunsChartProps) {
  useTimeZone()
  const router = useRouter()
  const box = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState<{ first: number; last: number } | null>(null)
  const [isDragged, setDragged] = useState(false)
  const toMs = Date.now()
  const points = toPoints(series.rows, { fromMs: toMs - hours * 3_600_000, toMs, intervalSeconds: series.intervalSeconds })
  const most = Math.max(1, ...points.map(totalOf))
  const time = (ms: number) => formatParts(ms, hours > 24 ? DAY_TIME : TIME)

  const open = (range: { first: number; last: number } | null) => {
    const found = range === null ? null : barsRange(points, range, series.intervalSeconds)
    if (found !== null) router.push(runsHref({}, found))
  }
  const barAt = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect()
    if (rect === undefined) return 0
    return Math.max(0, Math.min(points.length - 1, Math.floor(((event.clientX - rect.left) / rect.width) * points.length)))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return open(chosen)
    if (event.key === 'Escape') return setChosen(null)
    const last = chosen?.last ?? points.length
    const moves: Readonly<Record<string, number>> = { ArrowLeft: last - 1, ArrowRight: last + 1, Home: 0, End: points.length - 1 }
    const moved = moves[event.key]
    if (moved === undefined) return
    event.preventDefault()
    const at = Math.max(0, Math.min(points.length - 1, moved))
    setChosen({ first: event.shiftKey && chosen !== null ? chosen.first : at, last: at })
  }
  const sums = chosen === null ? null : sumOf(points, chosen)
  const range = chosen === null ? null : barsRange(points, chosen, series.intervalSeconds)
  const said = range === null || sums === null ? '' : `${time(range.fromMs)} to ${time(range.toMs)}: ${textOf(sums)}`
  return (
    <div>
      <div
        ref={box}
        role="slider"
        tabIndex={0}
        aria-label={`Runs by outcome over the last ${hours} hours. Arrows choose a time, with Shift a longer one; Enter opens its runs.`}
        aria-valuemin={0}
        aria-valuemax={points.length - 1}
        aria-valuenow={chosen?.last ?? 0}
        aria-valuetext={said || 'nothing chosen'}
        onKeyDown={onKeyDown}
        onBlur={() => setChosen(null)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDragged(true)
          setChosen({ first: barAt(event), last: barAt(event) })
        }}
        onPointerMove={(event) => setChosen({ first: isDragged && chosen !== null ? chosen.first : barAt(event), last: barAt(event) })}
        onPointerLeave={() => isDragged || setChosen(null)}
        onPointerUp={() => {
          setDragged(false)
          open(chosen)
        }}
        className="flex h-44 cursor-pointer touch-none select-none items-end gap-px border-b"
      >
        {points.map((point, at) => (
          <Bar key={point.at} point={point} most={most} isChosen={isIn(chosen, at)} />
        ))}
      </div>
      <div aria-hidden className="tabular flex justify-between pt-1 text-2xs text-muted">
        <span>{time(points[0]?.at ?? toMs)}</span>
        <span>most at once: {formatCount(most)}</span>
        <span>now</span>
      </div>
      <div className="mt-2 flex min-h-5 flex-wrap gap-4 text-2xs text-muted">
        {[...SERIES].reverse().map(([key, color]) => (
          <span key={key} className="flex items-center gap-1.5">
            <span aria-hidden className="size-2.5 rounded-sm" style={{ background: color }} />
            {key === 'other' ? OTHER : key}
          </span>
        ))}
        <span className="tabular ml-auto text-fg">{said}</span>
      </div>
    </div>
  )
}

const isIn = (chosen: { first: number; last: number } | null, at: number) =>
  chosen !== null && at >= Math.min(chosen.first, chosen.last) && at <= Math.max(chosen.first, chosen.last)

function Bar({ point, most, isChosen }: { point: Point; most: number; isChosen: boolean }) {
  return (
    <div className={`flex h-full min-w-0 flex-1 flex-col justify-end ${isChosen ? 'bg-raised' : ''}`}>
      {SERIES.map(([key, color]) =>
        point[key] === 0 ? null : (
          // Never so low that it can't be seen: one crash among ten thousand runs is what a person looks for.
          <div key={key} style={{ background: color, height: `${(point[key] / most) * 100}%`, minHeight: 2 }} />
        ),
      )}
    </div>
  )
}

function sumOf(points: readonly Point[], { first, last }: { first: number; last: number }) {
  const part = points.slice(Math.min(first, last), Math.max(first, last) + 1)
  return SERIES.map(([key]) => [key, part.reduce((sum, point) => sum + point[key], 0)] as const)
}

const textOf = (sums: readonly (readonly [string, number])[]) =>
  [...sums]
    .reverse()
    .filter(([, count]) => count > 0)
    .map(([key, count]) => `${formatCount(count)} ${key === 'other' ? 'not at their end' : key}`)
    .join(', ') || 'no runs'
