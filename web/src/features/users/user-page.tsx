'use client'
import { useQuery } from '@tanstack/react-query'
import { formatCost, formatRate, sessionPath } from '@/features/lists/format-activity'
import { PageHeader } from '@/features/shell/page-header'
import { RangeSelect, useRange } from '@/features/shell/range-select'
import { formatAgo, formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { Code, Empty, Failure, Loading } from '@/ui/states'

const RANGE_HOURS = 720
const REFRESH_MS = 5_000

/** What agents did for one person. */
export function UserPage({ id }: { id: string }) {
  const trpc = useTRPC()
  const [hours] = useRange(RANGE_HOURS)
  const user = useQuery({ ...trpc.users.get.queryOptions({ id, hours }), refetchInterval: REFRESH_MS })
  const of = `userId=${encodeURIComponent(id)}`
  return (
    <>
      <PageHeader title="User">
        <span className="min-w-0 truncate font-mono text-2xs text-muted">
          <bdi>{id}</bdi>
        </span>
        <RangeSelect fallback={RANGE_HOURS} />
      </PageHeader>
      {user.error !== null && <Failure error={user.error} />}
      {user.isPending && user.error === null && <Loading what="the user" />}
      {user.data === null && (
        <Empty title="This user was not seen in this range">
          <p>
            Choose a longer range. A run names its user by <Code>{'agent.start(input, { userId })'}</Code>, a span by <Code>user.id</Code>.
          </p>
        </Empty>
      )}
      {user.data && (
        <div className="grid grid-cols-1 gap-4 p-5">
          <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-4 xl:grid-cols-8">
            <Figure label="Runs" href={`/runs?${of}`} value={formatCount(user.data.runs)} />
            <Figure
              label="Success rate"
              href={`/runs?status=succeeded&${of}`}
              value={formatRate(user.data.succeeded, user.data.succeeded + user.data.failed)}
            />
            <Figure
              label="Failed runs"
              href={`/runs?status=failed,crashed&${of}`}
              value={formatCount(user.data.failed)}
              isBad={user.data.failed > 0}
            />
            <Figure label="Sessions" href={`/sessions?${of}&hours=${hours}`} value={formatCount(user.data.sessions)} />
            <Figure label="Traces" href={`/traces?runs=all&${of}&hours=${hours}`} value={formatCount(user.data.turns)} />
            <Figure label="Tokens" href={`/traces?runs=all&sort=tokens&${of}&hours=${hours}`} value={formatCount(user.data.tokens)} />
            <Figure
              label="Cost"
              href={`/traces?runs=all&sort=cost&${of}&hours=${hours}`}
              value={formatCost(user.data.costUsd, user.data.unpriced)}
            />
            <Figure label="Last seen" href={`/traces?runs=all&${of}&hours=${hours}`} value={formatAgo(user.data.lastSeen)} />
          </dl>
          <Failures id={id} hours={hours} />
          <Sessions id={id} hours={hours} />
        </div>
      )}
    </>
  )
}

function Failures({ id, hours }: { id: string; hours: number }) {
  const trpc = useTRPC()
  const failures = useQuery({ ...trpc.users.failures.queryOptions({ id, hours }), refetchInterval: REFRESH_MS })
  return (
    <section aria-labelledby="failures" className="rounded-lg border bg-panel">
      <h2 id="failures" className="border-b px-4 py-3 font-medium">
        What failed for this user
      </h2>
      {failures.error !== null && <Failure error={failures.error} />}
      {failures.data?.length === 0 && <p className="px-4 py-6 text-muted">Nothing failed in this range.</p>}
      <ul>
        {failures.data?.map((group) => (
          <li key={`${group.errorGroup} ${group.errorType} ${group.agent}`} className="border-b last:border-b-0">
            <Link
              href={`/runs?userId=${encodeURIComponent(id)}&errorGroup=${encodeURIComponent(group.errorGroup)}&status=failed,crashed`}
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
    </section>
  )
}

const SHOWN = 10

function Sessions({ id, hours }: { id: string; hours: number }) {
  const trpc = useTRPC()
  const sessions = useQuery({
    ...trpc.sessions.list.queryOptions({ hours, userId: id, sort: 'lastSeen', descending: true }),
    refetchInterval: REFRESH_MS,
  })
  return (
    <section aria-labelledby="sessions" className="rounded-lg border bg-panel">
      <h2 id="sessions" className="flex items-baseline border-b px-4 py-3 font-medium">
        Newest sessions
        {(sessions.data?.total ?? 0) > SHOWN && (
          <Link href={`/sessions?userId=${encodeURIComponent(id)}&hours=${hours}`} className="ml-auto font-normal text-accent underline">
            all {formatCount(sessions.data?.total ?? 0)}
          </Link>
        )}
      </h2>
      {sessions.error !== null && <Failure error={sessions.error} />}
      {sessions.data?.items.length === 0 && <p className="px-4 py-6 text-muted">None in this range.</p>}
      <ul>
        {sessions.data?.items.slice(0, SHOWN).map((session) => (
          <li key={session.id} className="border-b last:border-b-0">
            <Link href={sessionPath(session.id)} className="tabular flex items-baseline gap-4 px-4 py-2 hover:bg-raised">
              <span className="min-w-0 flex-1 truncate font-medium">
                <bdi>{session.id}</bdi>
              </span>
              <span className="text-muted">
                {formatCount(session.turns)} {session.turns === 1 ? 'turn' : 'turns'}
              </span>
              <span className="text-muted">{formatCount(session.tokens)} tokens</span>
              <span className="text-muted">{formatCost(session.costUsd, session.unpriced)}</span>
              <span className="text-muted">{formatAgo(session.lastSeen)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Figure({ label, href, value, isBad = false }: { label: string; href: string; value: string; isBad?: boolean }) {
  return (
    <div className="relative min-w-0 bg-panel p-3 hover:bg-raised">
      <dt className="text-2xs text-muted">
        <Link href={href} className="after:absolute after:inset-0">
          {label}
        </Link>
      </dt>
      <dd className={`tabular mt-0.5 font-semibold text-[15px] [overflow-wrap:anywhere] ${isBad ? 'text-bad' : ''}`}>{value}</dd>
    </div>
  )
}
