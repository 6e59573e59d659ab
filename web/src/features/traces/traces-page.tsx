'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { refetchWhileShort, uniqueBy } from '@/features/lists/live'
import { SearchBox } from '@/features/lists/search-box'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { useTRPC } from '@/lib/trpc'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { TraceFilters } from './trace-filters'
import { TracesTable } from './traces-table'
import { useTraceFilter } from './use-trace-filter'

/** Every trace that was sent; those of plain OpenTelemetry first, since runs have a page of their own. */
export function TracesPage() {
  const trpc = useTRPC()
  const [hours] = useRange(24)
  const { filter, setFilter, query } = useTraceFilter()
  const pages = useInfiniteQuery(
    trpc.traces.list.infiniteQueryOptions(
      { ...query, hours },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, refetchInterval: refetchWhileShort },
    ),
  )
  const traces = uniqueBy(pages.data?.pages.flatMap((page) => page.items) ?? [], (trace) => trace.traceId)
  const isFiltered = Object.keys(query).some((name) => name !== 'runs' && name !== 'sort')
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="Traces">
        <SearchBox
          label="Search traces"
          placeholder="Name, text or trace id"
          value={filter.q}
          onChange={(q) => void setFilter({ q }, { history: 'replace' })}
        />
        <RangeSelect />
      </PageHeader>
      <TraceFilters filter={filter} setFilter={setFilter} />
      {pages.error !== null && <Failure error={pages.error} />}
      {pages.isPending && pages.error === null && <Loading what="traces" />}
      {pages.isSuccess && traces.length === 0 && (
        <Empty
          title={
            isFiltered ? 'No trace matches' : filter.runs === 'none' ? 'No trace without a run in this range' : 'No trace in this range'
          }
        >
          {isFiltered ? (
            <button type="button" className="text-accent underline" onClick={() => void setFilter(null)}>
              Remove all filters
            </button>
          ) : (
            <>
              <p>
                Point any OpenTelemetry exporter at the collector: <Code>OTEL_EXPORTER_OTLP_ENDPOINT</Code>. Settings has the lines to copy.
              </p>
              {filter.runs === 'none' && (
                <button type="button" className="mt-2 text-accent underline" onClick={() => void setFilter({ runs: 'all' })}>
                  Show traces of runs too
                </button>
              )}
            </>
          )}
        </Empty>
      )}
      {traces.length > 0 && (
        <TracesTable
          traces={traces}
          sort={filter.sort}
          onSort={(sort) => void setFilter({ sort })}
          hasMore={pages.hasNextPage}
          onMore={() => void (pages.isFetchingNextPage || pages.fetchNextPage())}
        />
      )}
    </div>
  )
}
