'use client'
import type { ActivityRow, ActivitySort } from '@cairn/clickhouse'
import { useInfiniteQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { DataTable, type TableColumn } from '@/features/lists/data-table'
import { formatCost, formatCostShort, sessionPath, userPath } from '@/features/lists/format-activity'
import { refetchWhileShort, uniqueBy } from '@/features/lists/live'
import { InnerLink, RowLink } from '@/features/lists/row-link'
import { SearchBox } from '@/features/lists/search-box'
import { useActivityList } from '@/features/lists/use-activity-list'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { formatAgo, formatCount, formatMs, formatUtc } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Code, Empty, Failure, Loading } from '@/ui/states'

const COLUMNS: readonly TableColumn<ActivityRow, ActivitySort>[] = [
  {
    name: 'Session',
    width: 'minmax(10rem,1.6fr)',
    sort: 'id',
    cell: (row) => (
      <RowLink href={sessionPath(row.id)}>
        <bdi>{row.id}</bdi>
      </RowLink>
    ),
  },
  {
    name: 'User',
    width: 'minmax(7rem,1fr)',
    cell: (row) =>
      row.userId === '' ? (
        <span className="text-muted">–</span>
      ) : (
        <InnerLink href={userPath(row.userId)}>
          <bdi>{row.userId}</bdi>
          {row.users > 1 && <span className="text-muted"> and others</span>}
        </InnerLink>
      ),
  },
  { name: 'Runs', width: '4rem', right: true, sort: 'runs', cell: (row) => formatCount(row.runs) },
  { name: 'Turns', width: '4rem', right: true, sort: 'turns', cell: (row) => formatCount(row.turns) },
  {
    name: 'Duration',
    width: '6rem',
    right: true,
    sort: 'duration',
    cell: (row) => formatMs(Date.parse(row.lastSeen) - Date.parse(row.firstSeen)),
  },
  { name: 'Tokens', width: '5rem', right: true, sort: 'tokens', cell: (row) => formatCount(row.tokens) },
  { name: 'Cost', width: '8rem', right: true, sort: 'cost', cell: (row) => <CostText row={row} /> },
  { name: 'Errors', width: '7rem', right: true, sort: 'errors', cell: (row) => <ErrorsText row={row} /> },
  {
    name: 'Last seen',
    width: '7rem',
    right: true,
    sort: 'lastSeen',
    cell: (row) => (
      <time dateTime={row.lastSeen} title={formatUtc(row.lastSeen)} className="text-muted">
        {formatAgo(row.lastSeen)}
      </time>
    ),
  },
]

function CostText({ row }: { row: ActivityRow }) {
  return <span title={formatCost(row.costUsd, row.unpriced)}>{formatCostShort(row.costUsd, row.unpriced)}</span>
}

function ErrorsText({ row }: { row: ActivityRow }) {
  if (row.failed > 0) return <span className="text-bad">{formatCount(row.failed)} failed</span>
  if (row.spanErrors > 0) return <span className="text-bad">{formatCount(row.spanErrors)} in steps</span>
  return <span className="text-muted">none</span>
}

/** Conversations, of the SDK or of plain OpenTelemetry. */
export function SessionsPage() {
  const trpc = useTRPC()
  const [hours] = useRange(168)
  const { q, userId, setState, sorting } = useActivityList()
  const { sort, descending } = sorting
  const input = { hours, q: q || undefined, userId: userId || undefined, sort, descending }
  const pages = useInfiniteQuery(
    trpc.sessions.list.infiniteQueryOptions(input, { getNextPageParam: (page) => page.nextCursor, refetchInterval: refetchWhileShort }),
  )
  const rows = uniqueBy(pages.data?.pages.flatMap((page) => page.items) ?? [], (row) => row.id)
  const isFiltered = q !== '' || userId !== ''
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="Sessions">
        {pages.data !== undefined && (
          <span role="status" className="tabular text-muted">
            {formatCount(pages.data.pages[0]?.total ?? 0)} sessions
          </span>
        )}
        {userId !== '' && (
          <button
            type="button"
            onClick={() => void setState({ userId: '' })}
            className="flex items-center gap-1 rounded-full border border-accent bg-raised px-2.5 py-0.5 text-xs"
            aria-label={`Remove filter user ${userId}`}
          >
            user: {userId} <X size={11} aria-hidden />
          </button>
        )}
        <SearchBox
          label="Search sessions"
          placeholder="Session or user"
          value={q}
          onChange={(text) => void setState({ q: text }, { history: 'replace' })}
        />
        <RangeSelect fallback={168} />
      </PageHeader>
      {pages.error !== null && <Failure error={pages.error} />}
      {pages.isPending && pages.error === null && <Loading what="sessions" />}
      {pages.isSuccess && rows.length === 0 && (
        <Empty title={isFiltered ? 'No session matches' : 'No session in this range'}>
          {isFiltered ? (
            <button type="button" className="text-accent underline" onClick={() => void setState(null)}>
              Remove all filters
            </button>
          ) : (
            <p>
              Start runs with <Code>{"agent.start(input, { sessionId: 'chat-7' })"}</Code>, or put the attribute <Code>session.id</Code> on
              spans of any OpenTelemetry exporter. Or choose a longer range.
            </p>
          )}
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Sessions"
          rows={rows}
          keyOf={(row) => row.id}
          columns={COLUMNS}
          sorting={sorting}
          minWidth="62rem"
          hasMore={pages.hasNextPage}
          onMore={() => void (pages.isFetchingNextPage || pages.fetchNextPage())}
        />
      )}
    </div>
  )
}
