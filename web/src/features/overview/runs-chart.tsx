'use client'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { toPoints } from './series-model'

const SERIES = [
  ['succeeded', 'var(--good)'],
  ['other', 'var(--info)'],
  ['failed', 'var(--bad)'],
  ['crashed', 'var(--warn)'],
] as const

interface RunsChartProps {
  readonly series: { readonly intervalSeconds: number; readonly rows: readonly { at: string; status: string; runs: number }[] }
  readonly hours: number
}

export function RunsChart({ series, hours }: RunsChartProps) {
  const toMs = Date.now()
  const points = toPoints(series.rows, { fromMs: toMs - hours * 3_600_000, toMs, intervalSeconds: series.intervalSeconds })
  const short = hours <= 48
  const label = (at: number) =>
    new Date(at).toLocaleString('en-GB', short ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' })
  return (
    <div>
      <div className="h-48" role="img" aria-label={`Runs by outcome over the last ${hours} hours`}>
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={points} margin={{ top: 4, right: 0, bottom: 0, left: -24 }} barCategoryGap={1}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              tickFormatter={label}
              tick={{ fontSize: 11, fill: 'var(--muted)' }}
              tickLine={false}
              axisLine={false}
              minTickGap={48}
            />
            <YAxis allowDecimals={false} tick={{ fontSize: 11, fill: 'var(--muted)' }} tickLine={false} axisLine={false} />
            <Tooltip
              cursor={{ fill: 'var(--raised)' }}
              labelFormatter={(at) => new Date(Number(at)).toLocaleString('en-GB')}
              contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)', borderRadius: 6, fontSize: 12 }}
            />
            {SERIES.map(([key, color]) => (
              <Bar key={key} dataKey={key} stackId="runs" fill={color} isAnimationActive={false} />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <ul className="mt-2 flex flex-wrap gap-4 text-2xs text-muted">
        {SERIES.map(([key, color]) => (
          <li key={key} className="flex items-center gap-1.5">
            <span aria-hidden className="size-2.5 rounded-sm" style={{ background: color }} />
            {key === 'other' ? 'running, queued, paused, cancelled' : key}
          </li>
        ))}
      </ul>
    </div>
  )
}
