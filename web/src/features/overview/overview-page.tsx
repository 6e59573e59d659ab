'use client'
import type { Overview } from '@cairn/clickhouse'
import { useQuery } from '@tanstack/react-query'
import { formatRate } from '@/features/lists/format-activity'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { formatCount, formatMs, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { Failure, Loading } from '@/ui/states'
import { Figure } from './figure'
import { NothingYet } from './nothing-yet'
import { compare, compareRates, compareUsd, rateOf, runsHref } from './overview-model'
import { RunsChart } from './runs-chart'
import { TopFailures } from './top-failures'

const REFRESH_MS = 5_000
/** The time before changes slowly. */
const BEFORE_MS = 60_000

export function OverviewPage() {
  const trpc = useTRPC()
  const [hours] = useRange()
  const overview = useQuery({ ...trpc.reports.overview.queryOptions({ hours }), refetchInterval: REFRESH_MS })
  const series = useQuery({ ...trpc.reports.runSeries.queryOptions({ hours }), refetchInterval: REFRESH_MS })
  const workers = useQuery({ ...trpc.settings.workers.queryOptions(), refetchInterval: REFRESH_MS })
  const before = useQuery({ ...trpc.reports.overviewBefore.queryOptions({ hours }), staleTime: BEFORE_MS, refetchInterval: BEFORE_MS })
  const fromMs = Date.now() - hours * 3_600_000
  const alive = workers.data?.filter((worker) => worker.endedAt === null).length ?? 0
  const data = overview.data
  return (
    <>
      <PageHeader title="Overview">
        <RangeSelect />
      </PageHeader>
      {overview.error !== null && <Failure error={overview.error} />}
      {data === undefined && overview.error === null && <Loading what="the overview" />}
      {data !== undefined && data.runs === 0 && data.tokens === 0 && <NothingYet />}
      {data !== undefined && (data.runs > 0 || data.tokens > 0) && (
        <div className="grid grid-cols-1 gap-4 p-5">
          <Figures data={data} before={before.data} hours={hours} fromMs={fromMs} />
          <section aria-labelledby="outcomes" className="rounded-lg border bg-panel p-4">
            <div className="mb-3 flex items-baseline gap-4">
              <h2 id="outcomes" className="font-medium">
                Runs by outcome
              </h2>
              <Link href="/workers" className="ml-auto text-muted hover:underline">
                {alive === 1 ? '1 worker alive' : `${alive} workers alive`}
              </Link>
            </div>
            {series.data !== undefined && <RunsChart series={series.data} hours={hours} />}
          </section>
          <TopFailures hours={hours} />
        </div>
      )}
    </>
  )
}

interface FiguresProps {
  readonly data: Overview
  readonly before: Overview | undefined
  readonly hours: number
  readonly fromMs: number
}

/** Each opens its list, with the same range and filter. */
function Figures({ data, before, hours, fromMs }: FiguresProps) {
  const runs = (status?: string) => runsHref(status === undefined ? {} : { status }, { fromMs })
  const failed = data.failed + data.crashed
  const rate = (of: Overview) => rateOf(of.succeeded, of.succeeded + of.failed + of.crashed)
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line max-sm:[&>:last-child]:col-span-2 sm:grid-cols-3 xl:grid-cols-9">
      <Figure href={runs()} label="Runs" value={formatCount(data.runs)} change={before && compare(data.runs, before.runs, null)} />
      <Figure
        href={runs('succeeded')}
        label="Success rate"
        value={formatRate(data.succeeded, data.succeeded + failed)}
        change={before && compareRates(rate(data), rate(before), 'more')}
      />
      <Figure
        href={runs('failed,crashed')}
        label="Failed, crashed"
        value={`${formatCount(data.failed)}, ${formatCount(data.crashed)}`}
        tone={failed > 0 ? 'bad' : undefined}
        change={before && compare(failed, before.failed + before.crashed, 'less')}
      />
      <Figure
        href={`/latency?hours=${hours}`}
        label="p50 duration"
        value={formatMs(data.p50Ms)}
        change={before && compare(data.p50Ms, before.p50Ms, 'less')}
      />
      <Figure
        href={`/latency?hours=${hours}`}
        label="p95 duration"
        value={formatMs(data.p95Ms)}
        change={before && compare(data.p95Ms, before.p95Ms, 'less')}
      />
      <Figure
        href={`/cost?hours=${hours}`}
        label="Cost"
        value={formatUsd(data.costUsd)}
        note={data.unpriced > 0 ? `${formatCount(data.unpriced)} calls have no price` : undefined}
        change={before && compareUsd(data.costUsd, before.costUsd, 'less')}
      />
      <Figure
        href={`/cost?hours=${hours}`}
        label="Tokens"
        value={formatCount(data.tokens)}
        change={before && compare(data.tokens, before.tokens, null)}
      />
      <Figure
        href={runs('failed,crashed,cancelled')}
        label="Lost to failures"
        value={formatUsd(data.lostUsd)}
        tone={data.lostUsd === '0' ? undefined : 'bad'}
        change={before && compareUsd(data.lostUsd, before.lostUsd, 'less')}
      />
      <Figure
        href={runsHref({ query: 'executions:>1' }, { fromMs })}
        label="Saved by resume"
        value={formatUsd(data.savedUsd)}
        tone={data.savedUsd === '0' ? undefined : 'good'}
        change={before && compareUsd(data.savedUsd, before.savedUsd, null)}
      />
    </dl>
  )
}
