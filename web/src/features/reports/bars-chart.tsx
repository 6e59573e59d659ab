'use client'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

interface BarsProps {
  readonly label: string
  readonly data: readonly Readonly<Record<string, string | number>>[]
  readonly x: string
  readonly series: readonly (readonly [key: string, color: string, name: string])[]
  readonly format: (value: number) => string
  readonly stacked?: boolean
}

export function BarsChart({ label, data, x, series, format, stacked = false }: BarsProps) {
  return (
    <div className="h-56" role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={[...data]} margin={{ top: 8, right: 8, bottom: 0, left: 8 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey={x} tick={{ fontSize: 11, fill: 'var(--muted)' }} tickLine={false} axisLine={false} interval="preserveStartEnd" />
          <YAxis tickFormatter={format} width={64} tick={{ fontSize: 11, fill: 'var(--muted)' }} tickLine={false} axisLine={false} />
          <Tooltip
            cursor={{ fill: 'var(--raised)' }}
            formatter={(value) => format(Number(value))}
            contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)', borderRadius: 6, fontSize: 12 }}
          />
          {series.map(([key, color, name]) => (
            <Bar
              key={key}
              dataKey={key}
              name={name}
              fill={color}
              isAnimationActive={false}
              maxBarSize={42}
              {...(stacked ? { stackId: 'all' } : {})}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
