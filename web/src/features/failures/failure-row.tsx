import type { FailureSummary } from '@cairn/sdk/protocol'
import { formatAgo, formatCount, formatExact, formatUsd, formatUtc } from '@/lib/format'
import { Link } from '@/ui/link'
import { Time } from '@/ui/time'
import { Sparkline } from './sparkline'
import { StateBadge } from './state-badge'

/** A group in one or two lines; the whole row opens it. */
export function FailureRow({ group, hours, isSelected }: { group: FailureSummary; hours: number; isSelected: boolean }) {
  return (
    <li
      className={`relative grid grid-cols-[3.5rem_minmax(0,1fr)] items-center gap-x-4 gap-y-1 border-b px-5 py-2.5 hover:bg-raised lg:grid-cols-[3.5rem_minmax(0,1fr)_6rem_9rem_7rem_6rem] ${isSelected ? 'bg-raised shadow-[inset_3px_0_0_var(--accent)]' : ''}`}
    >
      <span className="tabular text-right font-semibold text-bad text-lg" title={`${formatExact(group.count)} failures`}>
        {formatCount(group.count)}
      </span>
      <div className="min-w-0">
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <Link
            id={`failure-${group.group}`}
            href={`/failures/${group.group}?hours=${hours}`}
            aria-current={isSelected ? 'true' : undefined}
            className="min-w-0 truncate font-medium after:absolute after:inset-0"
          >
            {group.errorType}
          </Link>
          <StateBadge state={group.state} regression={group.regression} />
          <span className="truncate text-muted">
            {group.agent}
            {group.step !== '' && ` · ${group.step}`}
          </span>
        </p>
        <p className="truncate text-muted" title={group.errorMessage}>
          {group.errorMessage}
        </p>
      </div>
      <div className="col-start-2 hidden h-5 lg:col-start-auto lg:block">
        <Sparkline trend={group.trend} label={`${formatExact(group.count)} failures over the range`} />
      </div>
      <p className="tabular col-start-2 text-muted lg:col-start-auto">
        <Time value={group.lastSeen} ago />
        <span className="block text-2xs" title={formatUtc(group.firstSeen)}>
          first {formatAgo(group.firstSeen)}
        </span>
      </p>
      <p className="hidden min-w-0 truncate text-muted lg:block" title={group.versions.join(', ')}>
        {group.versions.length === 0 ? '' : group.versions.map((version) => `v${version}`).join(', ')}
        {group.runs === 0 && (
          <span className="block text-2xs" title="They belong to no run, so there is nothing to resume">
            traces of no run
          </span>
        )}
      </p>
      <p className="tabular hidden text-right lg:block" title="US dollars that these failures wasted">
        {formatUsd(group.lost)}
        {group.lost !== null && group.unpriced > 0 && (
          <span className="block text-2xs text-warn">{formatCount(group.unpriced)} without price</span>
        )}
      </p>
    </li>
  )
}
