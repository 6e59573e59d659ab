'use client'
import type { FailureGroup } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { useTitle } from '@/features/shell/use-title'
import { formatAgo, formatCount, formatExact, formatTime, formatUsd, formatUtc } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { Failure, Loading } from '@/ui/states'
import { Time } from '@/ui/time'
import { DifferencesTable } from './differences-table'
import { Examples } from './examples'
import { FingerprintView } from './fingerprint-view'
import { GroupActions } from './group-actions'
import { GroupHistory } from './group-history'
import { ResumeGroup } from './resume-group'
import { Sparkline } from './sparkline'
import { StateBadge } from './state-badge'

const HOURS = 168
const REFRESH_MS = 10_000

/** A group of failures: what it is, what is known of its cause, and what to do about it. */
export function GroupPage({ group }: { group: string }) {
  const trpc = useTRPC()
  const [hours] = useRange(HOURS)
  const query = useQuery({ ...trpc.failures.get.queryOptions({ group, hours }), refetchInterval: REFRESH_MS })
  const data = query.data
  return (
    <>
      <PageHeader title="Failure">
        <Link href={`/failures?hours=${hours}`} className="text-muted hover:underline">
          All failures
        </Link>
        <RangeSelect fallback={HOURS} />
      </PageHeader>
      {query.error !== null && data === undefined && <Failure error={query.error} />}
      {query.isPending && query.error === null && <Loading what="the group" />}
      {data !== undefined && <Group data={data} hours={hours} />}
    </>
  )
}

function Group({ data, hours }: { data: FailureGroup; hours: number }) {
  useTitle(`${data.errorType} · ${data.agent}`)
  return (
    <div className="grid grid-cols-1 gap-4 p-5">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-96">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-semibold text-lg [overflow-wrap:anywhere]">{data.errorType}</span>
            <StateBadge state={data.state} regression={data.regression} />
          </p>
          <p className="mt-1 max-h-24 overflow-y-auto whitespace-pre-wrap text-muted [overflow-wrap:anywhere]">{data.errorMessage}</p>
          <Decision data={data} />
        </div>
        <GroupActions data={data} />
      </div>
      <Figures data={data} hours={hours} />
      <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
        <Panel id="examples" title="Failures to look at">
          <Examples data={data} />
        </Panel>
        <Panel id="resume" title="Resume the group">
          <ResumeGroup data={data} />
        </Panel>
      </div>
      <Panel id="differences" title="What differs from runs that succeeded">
        <DifferencesTable group={data.group} agent={data.agent} hours={hours} />
      </Panel>
      <div className="grid grid-cols-1 gap-4 xl:grid-cols-2">
        <Panel id="grouping" title="Why these are one group">
          <FingerprintView data={data} />
        </Panel>
        <div className="grid grid-cols-1 content-start gap-4">
          <Panel id="versions" title="Versions and users">
            <Versions data={data} hours={hours} />
          </Panel>
          <Panel id="history" title="History">
            <GroupHistory history={data.history} />
          </Panel>
        </div>
      </div>
    </div>
  )
}

const Panel = ({ id, title, children }: { id: string; title: string; children: ReactNode }) => (
  <section aria-labelledby={id} className="min-w-0 rounded-lg border bg-panel">
    <h2 id={id} className="border-b px-4 py-3 font-medium">
      {title}
    </h2>
    {children}
  </section>
)

function Decision({ data }: { data: FailureGroup }) {
  useTimeZone()
  const { decision, state, regression } = data
  if (decision === null) return null
  const until =
    state !== 'muted'
      ? ''
      : decision.untilTime !== null
        ? ` until ${formatTime(decision.untilTime)}`
        : decision.left === null
          ? ' for good'
          : ` until ${formatExact(decision.left)} more`
  return (
    <p className="mt-2">
      {regression ? 'Open since it failed again after it was resolved' : `${state[0]?.toUpperCase()}${state.slice(1)}${until}`}
      {state === 'resolved' && decision.inVersion !== null && ` in version ${decision.inVersion}`}
      {!regression && decision.actor !== null && ` by ${decision.actor}`} <Time value={decision.at} ago className="text-muted" />
      {decision.note !== null && <span className="text-muted [overflow-wrap:anywhere]"> · {decision.note}</span>}
    </p>
  )
}

function Figures({ data, hours }: { data: FailureGroup; hours: number }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line max-sm:[&>:last-child]:col-span-2 sm:max-xl:[&>:last-child]:col-span-3 sm:grid-cols-3 xl:grid-cols-7">
      <div className="col-span-2 bg-panel p-3">
        <dt className="text-2xs text-muted">
          Failures over the {hours % 24 === 0 && hours > 24 ? `last ${hours / 24} days` : `last ${hours} h`}
        </dt>
        <dd className="mt-1 flex items-end gap-3">
          <span className="tabular font-semibold text-bad text-lg">{formatCount(data.count)}</span>
          <span className="h-8 flex-1">
            <Sparkline trend={data.trend} label={`Trend: ${data.trend.join(', ')}`} width={240} height={32} />
          </span>
        </dd>
      </div>
      <Figure label="First seen" value={formatAgo(data.firstSeen)} title={formatUtc(data.firstSeen)} />
      <Figure label="Last seen" value={formatAgo(data.lastSeen)} title={formatUtc(data.lastSeen)} />
      <Figure label="Users" value={formatCount(data.users)} />
      <Figure label="Sessions" value={formatCount(data.sessions)} />
      <Figure
        label="Lost"
        value={formatUsd(data.lost)}
        title="US dollars: what runs cost that came to nothing, and steps that had to run again"
        note={data.lost !== null && data.unpriced > 0 ? `${formatCount(data.unpriced)} calls have no price` : undefined}
      />
    </dl>
  )
}

interface FigureProps {
  readonly label: string
  readonly value: string
  readonly title?: string
  readonly note?: string | undefined
}

const Figure = ({ label, value, title, note }: FigureProps) => (
  <div className="bg-panel p-3" title={title}>
    <dt className="text-2xs text-muted">{label}</dt>
    <dd className="tabular mt-0.5 font-semibold text-lg">{value}</dd>
    {note !== undefined && <dd className="text-2xs text-warn">{note}</dd>}
  </div>
)

function Versions({ data, hours }: { data: FailureGroup; hours: number }) {
  const most = Math.max(1, ...data.byVersion.map((row) => row.count))
  return (
    <>
      <ul className="px-4 py-2">
        {data.byVersion.map((row) => (
          <li key={row.version} className="tabular grid grid-cols-[6rem_minmax(0,1fr)_4rem_7rem] items-center gap-3 py-1">
            <Link
              href={`/failures?${new URLSearchParams({ version: row.version, agent: data.agent, hours: String(hours), state: 'all' })}`}
              className="truncate font-medium hover:underline"
            >
              {row.version === '' ? 'no version' : `v${row.version}`}
            </Link>
            <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-raised">
              <span className="block h-full rounded-full bg-bad" style={{ width: `${(row.count / most) * 100}%` }} />
            </span>
            <span className="text-right">{formatCount(row.count)}</span>
            <Time value={row.lastSeen} ago className="text-right text-muted" />
          </li>
        ))}
      </ul>
      {data.topUsers.length > 0 && (
        <p className="border-t px-4 py-2 text-muted">
          Most affected:{' '}
          {data.topUsers.map((user, at) => (
            <span key={user.id}>
              {at > 0 && ', '}
              <Link href={`/users/${encodeURIComponent(user.id)}`} className="text-fg underline">
                {user.id}
              </Link>{' '}
              ({formatCount(user.count)})
            </span>
          ))}
        </p>
      )}
    </>
  )
}
