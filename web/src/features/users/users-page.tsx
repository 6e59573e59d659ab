'use client'
import type { ActivityRow, ActivitySort } from '@cairn/clickhouse'
import { useInfiniteQuery } from '@tanstack/react-query'
import { DataTable, type TableColumn } from '@/features/lists/data-table'
import { formatCost, formatCostShort, formatRate, userPath } from '@/features/lists/format-activity'
import { refetchWhileShort, uniqueBy } from '@/features/lists/live'
import { InnerLink, RowLink } from '@/features/lists/row-link'
import { SearchBox } from '@/features/lists/search-box'
import { useActivityList } from '@/features/lists/use-activity-list'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { formatAgo, formatCount, formatUtc } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Code, Empty, Failure, Loading } from '@/ui/states'

const of = (row: ActivityRow) => `userId=${encodeURIComponent(row.id)}`

const COLUMNS: readonly TableColumn<ActivityRow, ActivitySort>[] = [
  {
    name: 'User',
    width: 'minmax(10rem,1.6fr)',
    sort: 'id',
    cell: (row) => (
      <RowLink href={userPath(row.id)}>
        <bdi>{row.id}</bdi>
      </RowLink>
    ),
  },
  {
    name: 'Runs',
    width: '5rem',
    right: true,
    sort: 'runs',
    cell: (row) => <InnerLink href={`/runs?${of(row)}`}>{formatCount(row.runs)}</InnerLink>,
  },
  {
    name: 'Sessions',
    width: '5rem',
    right: true,
    sort: 'sessions',
    cell: (row) => <InnerLink href={`/sessions?${of(row)}`}>{formatCount(row.sessions)}</InnerLink>,
  },
  {
    name: 'Success rate',
    width: '6rem',
    right: true,
    sort: 'success',
    cell: (row) => formatRate(row.succeeded, row.succeeded + row.failed),
  },
  {
    name: 'Failed runs',
    width: '6rem',
    right: true,
    sort: 'errors',
    cell: (row) =>
      row.failed === 0 ? (
        <span className="text-muted">none</span>
      ) : (
        <InnerLink href={`/runs?status=failed,crashed&${of(row)}`}>
          <span className="text-bad">{formatCount(row.failed)}</span>
        </InnerLink>
      ),
  },
  { name: 'Tokens', width: '5rem', right: true, sort: 'tokens', cell: (row) => formatCount(row.tokens) },
  {
    name: 'Cost',
    width: '8rem',
    right: true,
    sort: 'cost',
    cell: (row) => <span title={formatCost(row.costUsd, row.unpriced)}>{formatCostShort(row.costUsd, row.unpriced)}</span>,
  },
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

/** Whom the agents worked for. */
export function UsersPage() {
  const trpc = useTRPC()
  const [hours] = useRange(168)
  const { q, setState, sorting } = useActivityList()
  const { sort, descending } = sorting
  const pages = useInfiniteQuery(
    trpc.users.list.infiniteQueryOptions(
      { hours, q: q || undefined, sort, descending },
      { getNextPageParam: (page) => page.nextCursor, refetchInterval: refetchWhileShort },
    ),
  )
  const rows = uniqueBy(pages.data?.pages.flatMap((page) => page.items) ?? [], (row) => row.id)
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="Users">
        {pages.data !== undefined && (
          <span role="status" className="tabular text-muted">
            {formatCount(pages.data.pages[0]?.total ?? 0)} users
          </span>
        )}
        <SearchBox
          label="Search users"
          placeholder="User or session"
          value={q}
          onChange={(text) => void setState({ q: text }, { history: 'replace' })}
        />
        <RangeSelect fallback={168} />
      </PageHeader>
      {pages.error !== null && <Failure error={pages.error} />}
      {pages.isPending && pages.error === null && <Loading what="users" />}
      {pages.isSuccess && rows.length === 0 && (
        <Empty title={q === '' ? 'No user in this range' : 'No user matches'}>
          {q === '' ? (
            <p>
              Start runs with <Code>{"agent.start(input, { userId: 'ada' })"}</Code>, or put the attribute <Code>user.id</Code> on spans of
              any OpenTelemetry exporter. Or choose a longer range.
            </p>
          ) : (
            <button type="button" className="text-accent underline" onClick={() => void setState(null)}>
              Remove all filters
            </button>
          )}
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Users"
          rows={rows}
          keyOf={(row) => row.id}
          columns={COLUMNS}
          sorting={sorting}
          minWidth="58rem"
          hasMore={pages.hasNextPage}
          onMore={() => void (pages.isFetchingNextPage || pages.fetchNextPage())}
        />
      )}
    </div>
  )
}
