'use client'
import { useQuery } from '@tanstack/react-query'
import { formatAgo, formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { Failure, Loading } from '@/ui/states'

const SHOWN = 6
const REFRESH_MS = 5_000

/** The open groups of the failures page that failed most: of runs, and of traces that belong to none. */
export function TopFailures({ hours }: { hours: number }) {
  const trpc = useTRPC()
  const { data, error } = useQuery({
    ...trpc.failures.list.queryOptions({ hours, state: 'open', sort: 'count', limit: SHOWN }),
    refetchInterval: REFRESH_MS,
    placeholderData: (before) => before,
  })
  const more = (data?.counts.open ?? 0) - (data?.items.length ?? 0)
  return (
    <section aria-labelledby="failures" className="rounded-lg border bg-panel">
      <h2 id="failures" className="border-b px-4 py-3 font-medium">
        What failed most
      </h2>
      {error !== null && <Failure error={error} />}
      {data === undefined && error === null && <Loading what="failures" />}
      {data?.items.length === 0 && (
        <p className="px-4 py-6 text-muted">
          {data.counts.resolved + data.counts.muted > 0
            ? 'All that failed in this range is resolved or muted.'
            : 'Nothing failed in this range.'}
        </p>
      )}
      <ul>
        {data?.items.map(({ group, errorType, errorMessage, agent, step, lastSeen, count }) => (
          <li key={group} className="border-b last:border-b-0">
            <Link href={`/failures/${group}?hours=${hours}`} className="flex items-baseline gap-3 px-4 py-2.5 hover:bg-raised">
              <span className="tabular w-10 shrink-0 text-right font-medium text-bad">{formatCount(count)}</span>
              <span className="shrink-0 font-medium">{errorType}</span>
              <span className="min-w-0 flex-1 truncate text-muted">{errorMessage}</span>
              <span className="hidden shrink-0 text-muted sm:inline">
                {agent}
                {step !== '' && ` · ${step}`} · {formatAgo(lastSeen)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p className="border-t px-4 py-2">
          <Link href={`/failures?hours=${hours}&sort=count`} className="text-accent hover:underline">
            {more === 1 ? 'One more group' : `${formatCount(more)} more groups`}
          </Link>
        </p>
      )}
    </section>
  )
}
