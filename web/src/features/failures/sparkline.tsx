import { toBars } from './failure-model'

const WIDTH = 96
const HEIGHT = 20

/** Failures over the range, a bar an interval. */
export function Sparkline({
  trend,
  label,
  width = WIDTH,
  height = HEIGHT,
}: {
  trend: readonly number[]
  label: string
  width?: number
  height?: number
}) {
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="h-full w-full">
      {toBars(trend, width, height).map((bar, at) => (
        <rect key={bar.x} {...bar} className={trend[at] === 0 ? 'fill-[var(--line)]' : 'fill-[var(--bad)]'} />
      ))}
    </svg>
  )
}
