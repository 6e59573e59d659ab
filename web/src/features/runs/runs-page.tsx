'use client'
import { RUN_STATUSES } from '@cairn/sdk/protocol'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { PageHeader } from '@/features/shell/page-header'
import { formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { cn } from '@/ui/cn'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { RunsTable } from './runs-table'
import { useRunFilter } from './use-run-filter'

const REFRESH_MS = 1_500
const SINGLE = ['sessionId', 'userId', 'tag', 'errorGroup', 'from', 'to'] as const

export function RunsPage() {
  const trpc = useTRPC()
  const { filter, setFilter, query } = useRunFilter()
  const pages = useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(
      { ...query, limit: 50 },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, refetchInterval: REFRESH_MS },
    ),
  )
  const counts = useQuery({ ...trpc.runs.counts.queryOptions(query), refetchInterval: REFRESH_MS * 2 })
  const runs = pages.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = Object.values(query).some((value) => value !== undefined)
  const toggle = (status: (typeof RUN_STATUSES)[number]) =>
    void setFilter({ status: filter.status.includes(status) ? filter.status.filter((s) => s !== status) : [...filter.status, status] })
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="Runs">
        <SearchBox value={filter.q} onChange={(q) => void setFilter({ q }, { history: 'replace' })} />
        <label>
          <span className="sr-only">Agent</span>
          <select
            value={filter.agent}
            onChange={(event) => void setFilter({ agent: event.target.value })}
            className="h-8 rounded-md border bg-panel px-2"
          >
            <option value="">All agents</option>
            {counts.data?.agents.map((agent) => (
              <option key={agent}>{agent}</option>
            ))}
          </select>
        </label>
      </PageHeader>
      <fieldset className="flex flex-wrap gap-1.5 border-b px-5 py-2">
        <legend className="sr-only">Status</legend>
        {RUN_STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={filter.status.includes(status)}
            onClick={() => toggle(status)}
            className={cn(
              'rounded-full border px-2.5 py-0.5 text-xs hover:bg-raised',
              filter.status.includes(status) ? 'border-accent bg-raised font-medium' : 'text-muted',
            )}
          >
            {status} <span className="tabular">{formatCount(counts.data?.byStatus[status] ?? 0)}</span>
          </button>
        ))}
        {SINGLE.filter((name) => filter[name] !== '').map((name) => (
          <button
            key={name}
            type="button"
            onClick={() => void setFilter({ [name]: '' })}
            aria-label={`Remove filter ${name}`}
            className="flex items-center gap-1 rounded-full border border-accent bg-raised px-2.5 py-0.5 text-xs"
          >
            {name}: {filter[name]} <X size={11} aria-hidden />
          </button>
        ))}
      </fieldset>
      {pages.error !== null && <Failure error={pages.error} />}
      {pages.isPending && pages.error === null && <Loading what="runs" />}
      {pages.isSuccess && runs.length === 0 && (
        <Empty title={isFiltered ? 'No run matches' : 'No runs yet'}>
          {isFiltered ? (
            <button type="button" className="text-accent underline" onClick={() => void setFilter(null)}>
              Remove all filters
            </button>
          ) : (
            <p>
              A run begins when a program calls <Code>agent.start(input)</Code>, or <Code>POST /api/v1/runs</Code>.
            </p>
          )}
        </Empty>
      )}
      {runs.length > 0 && (
        <RunsTable runs={runs} hasMore={pages.hasNextPage} onMore={() => void (pages.isFetchingNextPage || pages.fetchNextPage())} />
      )}
    </div>
  )
}

/** Types freely; the list follows when the typing rests. */
function SearchBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), 300)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <input
      type="search"
      value={text}
      onChange={(event) => setText(event.target.value)}
      placeholder="Search inputs, outputs, errors"
      aria-label="Search runs"
      className="h-8 w-64 max-w-full rounded-md border bg-panel px-2.5"
    />
  )
}
