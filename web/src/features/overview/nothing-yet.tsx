'use client'
import { useQuery } from '@tanstack/react-query'
import { rangeReaching } from '@/features/shell/ranges'
import { useTRPC } from '@/lib/trpc'
import { Link } from '@/ui/link'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { Time } from '@/ui/time'

/** A range without runs: where the last one is, else how to make the first. */
export function NothingYet() {
  const trpc = useTRPC()
  const newest = useQuery(trpc.runs.list.queryOptions({ limit: 1 }))
  if (newest.error !== null) return <Failure error={newest.error} />
  if (newest.data === undefined) return <Loading what="the newest run" />
  const [run] = newest.data.items
  if (run === undefined)
    return (
      <Empty title="No runs yet">
        <p>
          Start an agent with <Code>@cairn/sdk</Code>, or send spans of any OpenTelemetry exporter to the collector.{' '}
          <Link href="/settings" className="text-accent underline">
            Settings
          </Link>{' '}
          has the address, a key, and the lines to copy.
        </p>
      </Empty>
    )
  const range = rangeReaching(Date.now() - Date.parse(run.createdAt))
  return (
    <Empty title="No runs in this range">
      <p>
        The last one began <Time value={run.createdAt} ago />.{' '}
        <Link href={range === undefined ? '/runs' : `/?hours=${range[0]}`} className="text-accent underline">
          {range === undefined ? 'Show all runs' : `Show the ${range[1].toLowerCase()}`}
        </Link>
      </p>
    </Empty>
  )
}
