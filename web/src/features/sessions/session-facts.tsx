import type { ActivityRow } from '@cairn/clickhouse'
import type { SessionRecord } from '@cairn/prisma'
import { formatCost, userPath } from '@/features/lists/format-activity'
import { formatCount, formatMs, formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { Link } from '@/ui/link'
import { isFailed, type Turn } from './conversation-model'
import { sumTurns } from './session-totals'

interface SessionFactsProps {
  readonly id: string
  readonly activity: ActivityRow | null
  readonly turns: readonly Turn[]
  readonly record: SessionRecord | null
}

/** What the session was, in figures that open their lists. */
export function SessionFacts({ id, activity, turns, record }: SessionFactsProps) {
  useTimeZone()
  const of = `sessionId=${encodeURIComponent(id)}`
  const totals = sumTurns(turns)
  const runs = turns.filter((turn) => turn.run !== null).length
  const failed = turns.filter(isFailed).length
  const users = [...new Set(turns.map((turn) => turn.trace?.userId ?? '').filter((user) => user !== ''))]
  if (users.length === 0 && activity !== null && activity.userId !== '') users.push(activity.userId)
  return (
    <dl className="tabular flex flex-wrap gap-x-8 gap-y-2 border-b px-5 py-3">
      <Fact label="User">
        {users.length === 0
          ? 'none'
          : users.slice(0, 3).map((user, at) => (
              <span key={user}>
                {at > 0 && ', '}
                <Link href={userPath(user)} className="underline decoration-line underline-offset-2">
                  <bdi>{user}</bdi>
                </Link>
              </span>
            ))}
        {users.length > 3 && ` and ${users.length - 3} more`}
      </Fact>
      <Fact label="Turns">{formatCount(turns.length)}</Fact>
      <Fact label="Runs" href={`/runs?${of}`}>
        {formatCount(runs)}
      </Fact>
      <Fact label="Failed" href={runs > 0 ? `/runs?status=failed,crashed&${of}` : `/traces?runs=all&errors=true&${of}`} isBad={failed > 0}>
        {formatCount(failed)}
      </Fact>
      <Fact label="Traces" href={`/traces?runs=all&${of}`}>
        {formatCount(turns.filter((turn) => turn.trace !== null).length)}
      </Fact>
      <Fact label="Duration">{formatMs(totals.durationMs)}</Fact>
      <Fact label="Tokens">{formatCount(totals.tokens)}</Fact>
      <Fact label="Cost">{formatCost(totals.costUsd, totals.unpriced)}</Fact>
      <Fact label="Last seen">{formatTime(totals.lastSeen ?? record?.updatedAt ?? null)}</Fact>
      {record !== null && <Fact label="Stored messages">{formatCount(record.messages)}</Fact>}
      {record !== null && record.compactions.length > 0 && <Fact label="Compactions">{formatCount(record.compactions.length)}</Fact>}
    </dl>
  )
}

interface FactProps {
  readonly label: string
  readonly href?: string
  readonly isBad?: boolean
  readonly children: React.ReactNode
}

const Fact = ({ label, href, isBad = false, children }: FactProps) => (
  <div>
    <dt className="text-2xs text-muted">{label}</dt>
    <dd className={`font-medium ${isBad ? 'text-bad' : ''}`}>
      {href === undefined ? (
        children
      ) : (
        <Link href={href} className="underline decoration-line underline-offset-2 hover:decoration-current">
          {children}
        </Link>
      )}
    </dd>
  </div>
)
