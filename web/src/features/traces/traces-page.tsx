'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import { PageHeader } from '@/features/shell/page-header'
import { formatAgo, formatCount, formatMs, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Code, Empty, Failure, Loading } from '@/ui/states'

/** Every trace that was sent, of runs or of plain OpenTelemetry. */
export function TracesPage() {
  const trpc = useTRPC()
  const [q, setQ] = useQueryState('q', parseAsString.withDefault('').withOptions({ throttleMs: 300 }))
  const pages = useInfiniteQuery(
    trpc.traces.list.infiniteQueryOptions(
      { q: q || undefined },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, refetchInterval: 3_000 },
    ),
  )
  const traces = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHeader title="Traces">
        <input
          type="search"
          value={q}
          onChange={(event) => void setQ(event.target.value)}
          placeholder="Name, text or trace id"
          aria-label="Search traces"
          className="h-8 w-64 max-w-full rounded-md border bg-panel px-2.5"
        />
      </PageHeader>
      {pages.error !== null && <Failure error={pages.error} />}
      {pages.isPending && pages.error === null && <Loading what="traces" />}
      {pages.isSuccess && traces.length === 0 && (
        <Empty title={q === '' ? 'No traces yet' : 'No trace matches'}>
          {q === '' && (
            <p>
              Point any OpenTelemetry exporter at the collector: <Code>OTEL_EXPORTER_OTLP_ENDPOINT</Code>. Settings has the lines to copy.
            </p>
          )}
        </Empty>
      )}
      {traces.length > 0 && (
        <div className="overflow-x-auto">
          <table className="tabular w-full min-w-[44rem] text-left">
            <thead className="border-b text-2xs text-muted">
              <tr>
                {['Name', 'Service', 'Spans', 'Errors', 'Duration', 'Tokens', 'Cost', 'Started'].map((name) => (
                  <th key={name} scope="col" className="px-4 py-2 font-normal">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {traces.map((trace) => (
                <tr key={trace.traceId} className="border-b hover:bg-raised">
                  <td className="px-4 py-1.5">
                    <Link
                      href={trace.runId === '' ? `/traces/${trace.traceId}` : `/runs/${trace.runId}`}
                      className="font-medium hover:underline"
                    >
                      {trace.name}
                    </Link>
                    <span className="ml-2 font-mono text-2xs text-muted">{trace.traceId.slice(0, 8)}</span>
                  </td>
                  <td className="px-4 text-muted">{trace.service}</td>
                  <td className="px-4">{formatCount(trace.spans)}</td>
                  <td className={`px-4 ${trace.errors > 0 ? 'text-bad' : 'text-muted'}`}>{formatCount(trace.errors)}</td>
                  <td className="px-4">{formatMs(Date.parse(trace.endTime) - Date.parse(trace.startTime))}</td>
                  <td className="px-4">{formatCount(trace.usage.total)}</td>
                  <td className="px-4">{formatUsd(trace.cost.total)}</td>
                  <td className="px-4 text-muted">{formatAgo(trace.startTime)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {pages.hasNextPage && (
            <div className="p-4 text-center">
              <Button onClick={() => void pages.fetchNextPage()} disabled={pages.isFetchingNextPage}>
                More
              </Button>
            </div>
          )}
        </div>
      )}
    </>
  )
}
