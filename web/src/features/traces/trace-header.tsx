'use client'
import { useQuery } from '@tanstack/react-query'
import { formatCost, sessionPath, userPath } from '@/features/lists/format-activity'
import { PageHeader } from '@/features/shell/page-header'
import { formatCount, formatExact, formatMs, formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { useTRPC } from '@/lib/trpc'
import { CopyButton } from '@/ui/copy-button'
import { Link } from '@/ui/link'
import { StatusBadge } from '@/ui/status-badge'

const REFRESH_MS = 3_000

/** What a trace is, in a line: name, status, where it comes from, how long, how much. */
export function TraceHeader({ traceId }: { traceId: string }) {
  useTimeZone()
  const trpc = useTRPC()
  const { data: head } = useQuery({ ...trpc.traces.head.queryOptions({ traceId: traceId as never }), refetchInterval: REFRESH_MS })
  if (!head)
    return (
      <PageHeader title="Trace">
        <span className="font-mono text-2xs text-muted">{traceId}</span>
      </PageHeader>
    )
  return (
    <header className="border-b px-5 py-3">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="min-w-0 truncate font-semibold text-base">
          <bdi>{head.name}</bdi>
        </h1>
        <StatusBadge status={head.errors > 0 ? 'error' : head.interrupted > 0 ? 'interrupted' : 'ok'} />
        <span className="ml-auto font-mono text-2xs text-muted">{traceId}</span>
        <CopyButton text={traceId} label="trace id" />
      </div>
      <dl className="tabular mt-1.5 flex flex-wrap gap-x-5 gap-y-1 text-muted">
        <Fact label="Service" value={head.service} href={`/traces?runs=all&service=${encodeURIComponent(head.service)}`} />
        <Fact label="Environment" value={head.environment} />
        <Fact label="Agent" value={head.agent} href={`/traces?runs=all&agent=${encodeURIComponent(head.agent)}`} />
        <Fact label="Started" value={formatTime(head.startTime)} />
        <Fact label="Duration" value={formatMs(Date.parse(head.endTime) - Date.parse(head.startTime))} />
        <Fact label="Spans" value={formatExact(head.spans)} />
        {head.errors > 0 && <Fact label="Errors" value={formatExact(head.errors)} />}
        <Fact label="Tokens" value={formatCount(head.tokens)} />
        <Fact label="Cost" value={formatCost(head.costUsd, head.unpriced)} />
        <Fact label="Session" value={head.sessionId} href={sessionPath(head.sessionId)} />
        <Fact label="User" value={head.userId} href={userPath(head.userId)} />
        <Fact label="Run" value={head.runId.slice(-8)} href={`/runs/${head.runId}`} />
      </dl>
    </header>
  )
}

/** Nothing where there is none. */
function Fact({ label, value, href }: { label: string; value: string; href?: string }) {
  if (value === '') return null
  return (
    <div className="flex gap-1.5">
      <dt>{label}</dt>
      <dd className="max-w-72 truncate text-fg" title={value}>
        {href === undefined ? (
          <bdi>{value}</bdi>
        ) : (
          <Link href={href} className="underline decoration-line underline-offset-2 hover:decoration-current">
            <bdi>{value}</bdi>
          </Link>
        )}
      </dd>
    </div>
  )
}
