'use client'
import { formatCount, formatUsd } from '@/lib/format'
import { dearestOf, type TurnPoint } from './conversation-model'

const SERIES = [
  ['input', 'var(--accent)', 'Input'],
  ['cacheRead', 'var(--kind-agent)', 'Read from the cache'],
  ['cacheWrite', 'var(--kind-tool)', 'Written to the cache'],
] as const
const WIDTH = 720
const HEIGHT = 96
/** Of a longer session the last ones: bars thinner than a pixel say nothing. */
const MOST_BARS = 240

/** Size of the context and cost, turn by turn. Drawn by hand: stacks of bars with marks need no library. */
export function TurnCharts({ points }: { points: readonly TurnPoint[] }) {
  const shown = points.slice(-MOST_BARS)
  const size = (point: TurnPoint) => point.input + point.cacheRead + point.cacheWrite
  const largest = Math.max(1, ...shown.map(size))
  const dearest = dearestOf(shown)
  const usd = (amount: number | null) => formatUsd(amount === null ? null : String(amount))
  const compactions = shown.flatMap((point) => point.compactions.map((compaction) => ({ ...compaction, number: point.number })))
  return (
    <div className="grid gap-4 border-b px-5 py-4 lg:grid-cols-2">
      <figure className="min-w-0">
        <figcaption className="mb-1 flex flex-wrap items-baseline gap-x-4 text-2xs text-muted">
          <span className="font-medium text-[13px] text-fg">Context by turn</span>
          <span className="tabular">largest {formatCount(largest)} tokens</span>
          {SERIES.map(([key, color, name]) => (
            <span key={key} className="flex items-center gap-1">
              <span aria-hidden className="size-2 rounded-sm" style={{ background: color }} /> {name}
            </span>
          ))}
          {compactions.length > 0 && <span className="text-warn">▼ compaction</span>}
        </figcaption>
        <Bars
          label={`Tokens in the largest model call of each of ${shown.length} turns, at most ${formatCount(largest)}; ${compactions.length} compactions`}
          points={shown}
          parts={(point) => SERIES.map(([key, color]) => ({ height: (point[key] / largest) * HEIGHT, color }))}
          title={(point) => `Turn ${point.number}: ${SERIES.map(([key, , name]) => `${name} ${formatCount(point[key])}`).join(', ')}`}
          marked={(point) => point.compactions.length > 0}
        />
        {compactions.length > 0 && (
          <ul className="sr-only">
            {compactions.map((one) => (
              <li key={one.throughPosition}>
                Compaction in turn {one.number}: {formatCount(Number(one.tokensBefore))} tokens became{' '}
                {formatCount(Number(one.tokensAfter))}
              </li>
            ))}
          </ul>
        )}
      </figure>
      <figure className="min-w-0">
        <figcaption className="mb-1 flex flex-wrap items-baseline gap-x-4 text-2xs text-muted">
          <span className="font-medium text-[13px] text-fg">Cost by turn</span>
          <span className="tabular">dearest {usd(dearest)}</span>
          {shown.some((point) => point.usd === null) && <span className="text-warn">hatched: no price</span>}
        </figcaption>
        <Bars
          label={`US dollars of each of ${shown.length} turns, at most ${usd(dearest)}`}
          points={shown}
          parts={(point) => [
            point.usd === null
              ? { height: HEIGHT / 4, color: 'url(#no-price)' }
              : { height: dearest ? (point.usd / dearest) * HEIGHT : 0, color: 'var(--info)' },
          ]}
          title={(point) => `Turn ${point.number}: ${usd(point.usd)}`}
          marked={() => false}
        />
      </figure>
    </div>
  )
}

interface BarsProps {
  readonly label: string
  readonly points: readonly TurnPoint[]
  readonly parts: (point: TurnPoint) => readonly { readonly height: number; readonly color: string }[]
  readonly title: (point: TurnPoint) => string
  readonly marked: (point: TurnPoint) => boolean
}

const MARK_PX = 10

function Bars({ label, points, parts, title, marked }: BarsProps) {
  const step = WIDTH / Math.max(points.length, 12)
  const width = Math.max(1, Math.min(28, step * 0.8))
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + MARK_PX}`} role="img" aria-label={label} className="h-28 w-full" preserveAspectRatio="none">
      <pattern id="no-price" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="2" height="6" fill="var(--warn)" />
      </pattern>
      <line x1="0" x2={WIDTH} y1={HEIGHT + MARK_PX - 0.5} y2={HEIGHT + MARK_PX - 0.5} stroke="var(--line)" />
      {points.map((point, at) => {
        let top = HEIGHT + MARK_PX
        return (
          <g key={point.number}>
            <title>{title(point)}</title>
            <rect x={at * step} y="0" width={step} height={HEIGHT + MARK_PX} fill="transparent" />
            {parts(point).map(({ height, color }) => {
              top -= height
              return height <= 0 ? null : <rect key={color} x={at * step} y={top} width={width} height={height} fill={color} />
            })}
            {marked(point) && (
              <path d={`M${at * step} 0h${width}l${-width / 2} ${MARK_PX - 2}z`} fill="var(--warn)" data-testid="compaction" />
            )}
          </g>
        )
      })}
    </svg>
  )
}
