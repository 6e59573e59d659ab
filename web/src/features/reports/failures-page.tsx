'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { formatAgo, formatCount, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Empty, Failure, Loading } from '@/ui/states'

const HOURS = 168

/** Runs that failed or crashed, grouped by cause. */
export function FailuresPage() {
  const trpc = useTRPC()
  const [hours] = useRange(HOURS)
  const report = useQuery({
    ...trpc.reports.report.queryOptions({ report: 'failures', groupBy: ['agent'], hours }),
    refetchInterval: 5_000,
  })
  return (
    <>
      <PageHeader title="Failures">
        <RangeSelect fallback={HOURS} />
      </PageHeader>
      {report.error !== null && <Failure error={report.error} />}
      {report.isPending && <Loading what="failures" />}
      {report.data?.rows.length === 0 && <Empty title="Nothing failed in this range" />}
      <ul>
        {report.data?.rows.map((row) => (
          <li
            key={`${row.errorGroup}${row.errorType}${row.agent}`}
            className="relative flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b px-5 py-3 hover:bg-raised"
          >
            <span className="tabular w-12 text-right font-semibold text-bad text-lg">{formatCount(Number(row.failures))}</span>
            <div className="min-w-0 flex-1 basis-80">
              <Link
                href={`/runs?errorGroup=${String(row.errorGroup)}&status=failed,crashed`}
                className="font-medium after:absolute after:inset-0"
              >
                {String(row.errorType)}
              </Link>
              <p className="truncate text-muted">{String(row.errorMessage)}</p>
            </div>
            <span className="text-muted">{String(row.agent)}</span>
            <span className="tabular text-muted">last {formatAgo(`${String(row.lastSeen).replace(' ', 'T').replace(/Z?$/, 'Z')}`)}</span>
            <span className="tabular w-24 text-right" title="What these runs had cost">
              {formatUsd(row.costLost === null ? null : String(row.costLost))}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
