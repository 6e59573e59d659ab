'use client'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { formatAgo, formatCount, formatMs, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Code, Empty, Failure, Loading } from '@/ui/states'

const RunsChart = dynamic(() => import('./runs-chart').then((module) => module.RunsChart), {
  ssr: false,
  loading: () => <div className="h-56" />,
})

const REFRESH_MS = 5_000

export function OverviewPage() {
  const trpc = useTRPC()
  const [hours] = useRange()
  const overview = useQuery({ ...trpc.reports.overview.queryOptions({ hours }), refetchInterval: REFRESH_MS })
  const series = useQuery({ ...trpc.reports.runSeries.queryOptions({ hours }), refetchInterval: REFRESH_MS })
  const workers = useQuery({ ...trpc.settings.workers.queryOptions(), refetchInterval: REFRESH_MS })
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
          <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 xl:grid-cols-9">
            <Figure href="/runs" label="Runs" value={formatCount(data.runs)} />
            <Figure
              href="/runs?status=succeeded"
              label="Success rate"
              value={rate(data.succeeded, data.succeeded + data.failed + data.crashed)}
            />
            <Figure
              href="/runs?status=failed,crashed"
              label="Failed, crashed"
              value={`${formatCount(data.failed)}, ${formatCount(data.crashed)}`}
              tone={data.failed + data.crashed > 0 ? 'bad' : undefined}
            />
            <Figure href="/latency" label="p50 duration" value={formatMs(data.p50Ms)} />
            <Figure href="/latency" label="p95 duration" value={formatMs(data.p95Ms)} />
            <Figure
              href="/cost"
              label="Cost"
              value={formatUsd(data.costUsd)}
              note={data.unpriced > 0 ? `${formatCount(data.unpriced)} calls have no price` : undefined}
            />
            <Figure href="/cost" label="Tokens" value={formatCount(data.tokens)} />
            <Figure
              href="/runs?status=failed,crashed,cancelled"
              label="Lost to failures"
              value={formatUsd(data.lostUsd)}
              tone={data.lostUsd === '0' ? undefined : 'bad'}
            />
            <Figure
              href="/runs"
              label="Saved by resume"
              value={formatUsd(data.savedUsd)}
              tone={data.savedUsd === '0' ? undefined : 'good'}
            />
          </dl>
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
          <section aria-labelledby="failures" className="rounded-lg border bg-panel">
            <h2 id="failures" className="border-b px-4 py-3 font-medium">
              What failed most
            </h2>
            {data.failures.length === 0 ? (
              <p className="px-4 py-6 text-muted">Nothing failed in this range.</p>
            ) : (
              <ul>
                {data.failures.map((group) => (
                  <li key={`${group.errorGroup}${group.errorType}${group.agent}`} className="border-b last:border-b-0">
                    <Link
                      href={group.errorGroup === '' ? '/failures' : `/failures/${group.errorGroup}`}
                      className="flex items-baseline gap-3 px-4 py-2.5 hover:bg-raised"
                    >
                      <span className="tabular w-10 shrink-0 text-right font-medium text-bad">{formatCount(group.runs)}</span>
                      <span className="shrink-0 font-medium">{group.errorType}</span>
                      <span className="min-w-0 flex-1 truncate text-muted">{group.errorMessage}</span>
                      <span className="hidden shrink-0 text-muted sm:inline">
                        {group.agent}
                        {group.step !== '' && ` · ${group.step}`} · {formatAgo(group.lastSeen)}
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
      )}
    </>
  )
}

const rate = (good: number, all: number) => (all === 0 ? '–' : `${((good / all) * 100).toFixed(good === all ? 0 : 1)} %`)

interface FigureProps {
  readonly href: string
  readonly label: string
  readonly value: string
  readonly note?: string | undefined
  readonly tone?: 'good' | 'bad' | undefined
}

function Figure({ href, label, value, note, tone }: FigureProps) {
  const color = tone === 'bad' ? 'text-bad' : tone === 'good' ? 'text-good' : ''
  return (
    <div className="relative bg-panel p-3 hover:bg-raised">
      <dt className="text-2xs text-muted">
        <Link href={href} className="after:absolute after:inset-0">
          {label}
        </Link>
      </dt>
      <dd className={`tabular mt-0.5 font-semibold text-lg ${color}`}>{value}</dd>
      {note !== undefined && <dd className="text-2xs text-warn">{note}</dd>}
    </div>
  )
}

function NothingYet() {
  return (
    <Empty title="No runs yet">
      <p>
        Start an agent with <Code>@cairn/sdk</Code>, or send spans of any OpenTelemetry exporter to the collector.{' '}
        <Link href="/settings" className="text-accent underline">
          Settings
        </Link>{' '}
        has the address, a key, and the lines to copy.
      </p>
    </Empty>
  )
}
