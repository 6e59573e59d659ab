'use client'
import type { ReportDimension } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import { PageHeader } from '@/features/shell/page-header'
import { useRange } from '@/features/shell/range-select'
import { formatCount, formatMs } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Failure, Loading } from '@/ui/states'
import { Bars } from './bars'
import { REPORT_HOURS, ReportControls, useDimension } from './report-controls'
import { type Column, ReportTable } from './report-table'

const DIMENSIONS: readonly ReportDimension[] = ['agent', 'step', 'model', 'tool', 'kind', 'version', 'day', 'environment', 'service']

const ms: Column['format'] = (value) => formatMs(value === null ? null : Number(value))

/** The figures of the report with their names, as far as it has them. */
const LABELS: Readonly<Record<string, string>> = {
  p50Ms: 'p50',
  p90Ms: 'p90',
  p95Ms: 'p95',
  p99Ms: 'p99',
  maxMs: 'Max',
  ttftP50Ms: 'First token p50',
  ttftP95Ms: 'First token p95',
}

export function LatencyPage() {
  const trpc = useTRPC()
  const [by] = useDimension('agent')
  const [hours] = useRange(REPORT_HOURS)
  const report = useQuery({ ...trpc.reports.report.queryOptions({ report: 'latency', groupBy: [by], hours }), refetchInterval: 15_000 })
  const columns: Column[] = (report.data?.columns ?? []).map((name) =>
    name in LABELS || /ms$/i.test(name)
      ? { name, label: LABELS[name] ?? name, format: ms }
      : { name, label: name, format: (value) => (typeof value === 'number' ? formatCount(value) : String(value ?? '–')) },
  )
  const chart = (report.data?.rows ?? [])
    .slice(0, 12)
    .map((row) => ({ name: String(row[by] ?? '') || 'none', p50: Number(row.p50Ms ?? 0), p95: Number(row.p95Ms ?? 0) }))
  return (
    <>
      <PageHeader title="Latency">
        <ReportControls report="latency" dimensions={DIMENSIONS} fallback="agent" />
      </PageHeader>
      {report.error !== null && <Failure error={report.error} />}
      {report.isPending && <Loading what="latencies" />}
      {report.data !== undefined && (
        <div className="grid grid-cols-1 gap-4 p-5">
          {chart.length > 0 && (
            <section className="rounded-lg border bg-panel p-3" aria-label={`Latency by ${by}`}>
              <Bars
                label={`p50 and p95 by ${by}`}
                data={chart}
                x="name"
                series={[
                  ['p50', 'var(--accent)', 'p50'],
                  ['p95', 'var(--kind-tool)', 'p95'],
                ]}
                format={(value) => formatMs(value)}
              />
            </section>
          )}
          <section className="rounded-lg border bg-panel" aria-label="Table">
            <ReportTable report={report.data} columns={columns} caption={`Latency by ${by}`} />
          </section>
        </div>
      )}
    </>
  )
}
