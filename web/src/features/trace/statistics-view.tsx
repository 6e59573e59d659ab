'use client'
import { parseAsStringLiteral, useQueryStates } from 'nuqs'
import { kindColor } from '@/features/run/kind-color'
import { formatExact, formatMs, formatUsd } from '@/lib/format'
import { cn } from '@/ui/cn'
import { Empty } from '@/ui/states'
import { toVisibleText } from '@/ui/visible-text-model'
import type { NameStatistics } from './analysis'
import { toUsd } from './span-facts'
import { spanIdOf } from './trace-index'
import type { TraceAnalysis, TraceData } from './trace-worker'

const ORDERS = ['name', 'count', 'total', 'self', 'p50', 'p95', 'longest', 'errors', 'tokens', 'cost'] as const
type Order = (typeof ORDERS)[number]
const LABELS: Readonly<Record<Order, string>> = {
  name: 'Name',
  count: 'Spans',
  total: 'Total',
  self: 'Self',
  p50: 'p50',
  p95: 'p95',
  longest: 'Longest',
  errors: 'Failed',
  tokens: 'Tokens',
  cost: 'Cost',
}

interface StatisticsViewProps {
  readonly data: TraceData
  readonly analysis: TraceAnalysis | null
  readonly onFind: (text: string) => void
  readonly onShowSpan: (spanId: string) => void
}

/** Spans of one name together: how many, how long, of which their own, what they cost. */
export function StatisticsView({ data, analysis, onFind, onShowSpan }: StatisticsViewProps) {
  const [{ sort, dir }, setSort] = useQueryStates({
    sort: parseAsStringLiteral(ORDERS).withDefault('self'),
    dir: parseAsStringLiteral(['down', 'up']).withDefault('down'),
  })
  // The first press gives names from A and figures from the largest.
  const isAscending = (dir === 'up') !== (sort === 'name')
  if (analysis === null) return <Empty title="Counting …" />
  const rows = sortStatistics(analysis.statistics, { sort, up: dir === 'up' })
  const totalSelf = rows.reduce((sum, row) => sum + row.self, 0)
  return (
    <div className="overflow-auto">
      <table className="tabular w-full min-w-[48rem] text-left">
        <caption className="sr-only">Spans by name</caption>
        <thead className="sticky top-0 border-b bg-bg text-2xs text-muted">
          <tr>
            {ORDERS.map((order) => (
              <th
                key={order}
                scope="col"
                aria-sort={sort === order ? (isAscending ? 'ascending' : 'descending') : undefined}
                className={cn('px-3 py-1.5 font-normal', order !== 'name' && 'text-right')}
              >
                <button
                  type="button"
                  className={cn('hover:text-fg', sort === order && 'font-medium text-fg')}
                  onClick={() => void setSort({ sort: order, dir: sort === order && dir === 'down' ? 'up' : 'down' })}
                >
                  {LABELS[order]} {sort === order && <span aria-hidden>{isAscending ? '↑' : '↓'}</span>}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.isAttempts} ${row.kind} ${row.name}`} className="border-b hover:bg-raised">
              <td className="max-w-96 px-3 py-1.5">
                <button type="button" className="flex max-w-full items-center gap-2 hover:underline" onClick={() => onFind(row.name)}>
                  <span aria-hidden className="size-2.5 shrink-0 rounded-sm" style={{ background: kindColor(row.kind) }} />
                  <span className="truncate">{toVisibleText(row.name.slice(0, 300))}</span>
                  <span className="shrink-0 text-muted">
                    {row.kind}
                    {row.isAttempts && ', attempts'}
                    {row.retries > 0 && <span className="text-warn">, {formatExact(row.retries)} retried</span>}
                  </span>
                </button>
              </td>
              <td className="px-3 text-right">{formatExact(row.count)}</td>
              <td className="px-3 text-right">{formatMs(row.total / 1e6)}</td>
              <td className="px-3 text-right">
                {formatMs(row.self / 1e6)}{' '}
                <span className="text-muted">{totalSelf > 0 && `${Math.round((row.self / totalSelf) * 100)} %`}</span>
              </td>
              <td className="px-3 text-right">{formatMs(row.p50 / 1e6)}</td>
              <td className="px-3 text-right">{formatMs(row.p95 / 1e6)}</td>
              <td className="px-3 text-right">
                <button
                  type="button"
                  className="text-accent hover:underline"
                  onClick={() => onShowSpan(spanIdOf(data.table.columns, row.longestRow))}
                >
                  {formatMs(row.longest / 1e6)}
                </button>
              </td>
              <td className={cn('px-3 text-right', row.errors > 0 ? 'text-bad' : 'text-muted')}>{formatExact(row.errors)}</td>
              <td className="px-3 text-right">{formatExact(row.tokens)}</td>
              <td className="px-3 text-right">{costText(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A sum in which a price is missing is not the cost. */
function costText(row: NameStatistics): string {
  if (row.unpriced === 0) return row.tokens === 0 && row.cost === 0n ? '–' : formatUsd(toUsd(row.cost))
  return row.cost === 0n ? formatUsd(null) : `${formatUsd(toUsd(row.cost))} + ${row.unpriced} without price`
}

interface Sorting {
  readonly sort: Order
  readonly up: boolean
}

function sortStatistics(rows: readonly NameStatistics[], { sort, up }: Sorting): NameStatistics[] {
  const byName = (a: NameStatistics, b: NameStatistics) => a.name.localeCompare(b.name)
  // Names go down the alphabet first, figures from the largest.
  if (sort === 'name') return rows.toSorted((a, b) => (up ? -byName(a, b) : byName(a, b)))
  return rows.toSorted((a, b) => (up ? 1 : -1) * (a[sort] < b[sort] ? -1 : a[sort] > b[sort] ? 1 : 0) || byName(a, b))
}
