'use client'
import type { Report, ReportDimension } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '@/features/shell/page-header'
import { useRange } from '@/features/shell/range-select'
import { formatCount, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { Failure, Loading } from '@/ui/states'
import { Bars } from './bars'
import { REPORT_HOURS, ReportControls, useDimension } from './report-controls'
import { type Column, ReportTable } from './report-table'

const DIMENSIONS: readonly ReportDimension[] = [
  'model',
  'agent',
  'step',
  'provider',
  'user',
  'session',
  'version',
  'day',
  'environment',
  'service',
]

const usd: Column['format'] = (value, row) => {
  const unpriced = Number(row.unpricedCalls ?? 0)
  const text = formatUsd(value === null ? null : String(value))
  return unpriced > 0 && value !== null ? `${text} + ${formatCount(unpriced)} without price` : text
}
const count: Column['format'] = (value) => formatCount(Number(value ?? 0))

const COLUMNS: readonly Column[] = [
  { name: 'cost', label: 'Cost', format: usd },
  { name: 'calls', label: 'Calls', format: count },
  { name: 'totalTokens', label: 'Tokens', format: count },
  { name: 'inputTokens', label: 'Input', format: count },
  { name: 'cacheReadTokens', label: 'Cache read', format: count },
  { name: 'cacheWriteTokens', label: 'Cache write', format: count },
  { name: 'outputTokens', label: 'Output', format: count },
  { name: 'reasoningTokens', label: 'Reasoning', format: count },
]

const SAVED = [
  { label: 'Saved by the step cache', usd: 'savedByStepCacheUsd', tokens: 'savedByStepCacheTokens' },
  { label: 'Saved by summaries of sessions', usd: 'savedByCompactionUsd', tokens: 'savedByCompactionTokens' },
] as const

function savedText(totals: Report['totals'], usd: string, tokens: string): string {
  const amount = totals[usd] ?? null
  const count = Number(totals[tokens] ?? 0)
  const text = formatUsd(amount === null ? null : String(amount))
  return count === 0 ? text : `${text} · ${formatCount(count)} tokens`
}

export function CostPage() {
  const trpc = useTRPC()
  const [by] = useDimension('model')
  const [hours] = useRange(REPORT_HOURS)
  const report = useQuery({ ...trpc.reports.report.queryOptions({ report: 'cost', groupBy: [by], hours }), refetchInterval: 15_000 })
  const savings = useQuery(trpc.reports.overview.queryOptions({ hours }))
  const saved = useQuery(trpc.reports.report.queryOptions({ report: 'savings', groupBy: ['agent'], hours }))
  const rows = report.data?.rows ?? []
  const chart = (by === 'day' ? [...rows].sort((a, b) => String(a.day).localeCompare(String(b.day))) : rows)
    .slice(0, 12)
    .map((row) => ({ name: String(row[by] ?? '') || 'none', cost: Number(row.cost ?? 0) }))
  return (
    <>
      <PageHeader title="Cost">
        <ReportControls report="cost" dimensions={DIMENSIONS} fallback="model" />
      </PageHeader>
      {report.error !== null && <Failure error={report.error} />}
      {report.isPending && <Loading what="costs" />}
      {report.data !== undefined && (
        <div className="grid grid-cols-1 gap-4 p-5">
          <dl className="tabular flex flex-wrap gap-x-8 gap-y-2">
            <Total label="Total cost" value={formatUsd(report.data.totals.cost === null ? null : String(report.data.totals.cost ?? '0'))} />
            {Number(report.data.totals.unpricedCalls ?? 0) > 0 && (
              <div>
                <dt className="text-2xs text-muted">Calls without a price</dt>
                <dd className="font-semibold text-lg">
                  {formatCount(Number(report.data.totals.unpricedCalls))}{' '}
                  <Link href="/settings#prices" className="font-normal text-[13px] text-accent underline">
                    set prices
                  </Link>
                </dd>
              </div>
            )}
            <Total label="Calls" value={formatCount(Number(report.data.totals.calls ?? 0))} />
            <Total label="Tokens" value={formatCount(Number(report.data.totals.totalTokens ?? 0))} />
            {savings.data !== undefined && (
              <Total label="Lost to failed, crashed and cancelled runs" value={formatUsd(savings.data.lostUsd)} />
            )}
            {savings.data !== undefined && <Total label="Saved by resume" value={formatUsd(savings.data.savedUsd)} />}
            {saved.data !== undefined &&
              SAVED.map(({ label, usd, tokens }) => <Total key={usd} label={label} value={savedText(saved.data.totals, usd, tokens)} />)}
          </dl>
          {chart.length > 0 && (
            <section className="rounded-lg border bg-panel p-3" aria-label={`Cost by ${by}`}>
              <Bars
                label={`Cost by ${by}`}
                data={chart}
                x="name"
                series={[['cost', 'var(--accent)', 'Cost']]}
                format={(value) => formatUsd(String(value))}
              />
            </section>
          )}
          <section className="rounded-lg border bg-panel" aria-label="Table">
            <ReportTable report={report.data} columns={COLUMNS} caption={`Cost by ${by}`} />
          </section>
        </div>
      )}
    </>
  )
}

const Total = ({ label, value }: { label: string; value: string }) => (
  <div>
    <dt className="text-2xs text-muted">{label}</dt>
    <dd className="font-semibold text-lg">{value}</dd>
  </div>
)
