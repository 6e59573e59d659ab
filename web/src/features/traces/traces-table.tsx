'use client'
import type { TraceSummary } from '@cairn/sdk/protocol'
import { DataTable, type TableColumn } from '@/features/lists/data-table'
import { sessionPath, userPath } from '@/features/lists/format-activity'
import { InnerLink, RowLink } from '@/features/lists/row-link'
import { formatAgo, formatCount, formatMs, formatUtc } from '@/lib/format'
import { formatCost } from '@/lib/spending'
import { StatusBadge } from '@/ui/status-badge'
import type { TRACE_SORTS } from './use-trace-filter'

type Sort = (typeof TRACE_SORTS)[number] | 'started'

const COLUMNS: readonly TableColumn<TraceSummary, Sort>[] = [
  { name: 'Status', width: '5rem', cell: (trace) => <StatusBadge status={trace.errors > 0 ? 'error' : 'ok'} /> },
  {
    name: 'Name',
    width: 'minmax(12rem,1.8fr)',
    cell: (trace) => (
      <>
        <RowLink href={trace.runId === '' ? `/traces/${trace.traceId}` : `/runs/${trace.runId}`}>
          <bdi>{trace.name}</bdi>
        </RowLink>
        <span className="ml-2 font-mono text-2xs text-muted">{trace.traceId.slice(0, 8)}</span>
        {trace.runId !== '' && <span className="ml-2 text-2xs text-muted">run</span>}
      </>
    ),
  },
  {
    name: 'Service',
    width: 'minmax(6rem,0.8fr)',
    cell: (trace) => (
      <span className="text-muted" title={trace.service}>
        {trace.service}
      </span>
    ),
  },
  {
    name: 'Session, user',
    width: 'minmax(7rem,1fr)',
    cell: (trace) => (
      <>
        {trace.sessionId !== '' && <InnerLink href={sessionPath(trace.sessionId)}>{trace.sessionId}</InnerLink>}
        {trace.sessionId !== '' && trace.userId !== '' && ', '}
        {trace.userId !== '' && <InnerLink href={userPath(trace.userId)}>{trace.userId}</InnerLink>}
        {trace.sessionId === '' && trace.userId === '' && <span className="text-muted">–</span>}
      </>
    ),
  },
  { name: 'Spans', width: '4rem', right: true, sort: 'spans', cell: (trace) => formatCount(trace.spans) },
  {
    name: 'Errors',
    width: '4rem',
    right: true,
    sort: 'errors',
    cell: (trace) => <span className={trace.errors > 0 ? 'text-bad' : 'text-muted'}>{formatCount(trace.errors)}</span>,
  },
  {
    name: 'Duration',
    width: '5.5rem',
    right: true,
    sort: 'duration',
    cell: (trace) => formatMs(Date.parse(trace.endTime) - Date.parse(trace.startTime)),
  },
  { name: 'Tokens', width: '5rem', right: true, sort: 'tokens', cell: (trace) => formatCount(trace.usage.total) },
  { name: 'Cost', width: '5.5rem', right: true, sort: 'cost', cell: (trace) => formatCost(trace.cost) },
  {
    name: 'Started',
    width: '6.5rem',
    right: true,
    sort: 'started',
    cell: (trace) => (
      <time dateTime={trace.startTime} title={formatUtc(trace.startTime)} className="text-muted">
        {formatAgo(trace.startTime)}
      </time>
    ),
  },
]

interface TracesTableProps {
  readonly traces: readonly TraceSummary[]
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  readonly hasMore: boolean
  readonly onMore: () => void
}

export function TracesTable({ traces, sort, onSort, hasMore, onMore }: TracesTableProps) {
  return (
    <DataTable
      label="Traces"
      rows={traces}
      keyOf={(trace) => trace.traceId}
      columns={COLUMNS}
      sorting={{ sort, descending: true, onSort }}
      minWidth="66rem"
      hasMore={hasMore}
      onMore={onMore}
    />
  )
}
