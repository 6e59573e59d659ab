'use client'
import type { Repricing } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { formatAgo, formatExact, formatUsd, formatUtc } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Failure } from '@/ui/states'

const isRunning = (job: Repricing) => job.status === 'running'

/** Prices the last 90 days again, and shows how far that is. */
export function Repricings() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const jobs = useQuery({
    ...trpc.prices.repricings.queryOptions(),
    refetchInterval: ({ state }) => (state.data?.some(isRunning) ? 1_000 : false),
  })
  const isOne = jobs.data?.some(isRunning) === true
  const wasOne = useRef(false)
  useEffect(() => {
    // Costs everywhere are others now.
    if (wasOne.current && !isOne) void client.invalidateQueries()
    wasOne.current = isOne
  }, [isOne, client])
  const refresh = { onSettled: () => client.invalidateQueries() }
  const start = useMutation(trpc.prices.reprice.mutationOptions(refresh))
  const cancel = useMutation(trpc.prices.cancel.mutationOptions(refresh))
  return (
    <div className="mt-4">
      <Button disabled={start.isPending || isOne} onClick={() => start.mutate({})}>
        Price the last 90 days again
      </Button>
      {start.error !== null && <Failure error={start.error} />}
      {jobs.error !== null && <Failure error={jobs.error} />}
      <ul className="mt-2">
        {jobs.data?.slice(0, 5).map((job) => (
          <li key={job.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t py-2">
            <span title={formatUtc(job.createdAt)}>{formatAgo(job.createdAt)}</span>
            {isRunning(job) ? (
              <>
                <progress
                  className="h-1.5 w-40 accent-[var(--accent)]"
                  aria-label="Spans priced again"
                  max={Math.max(1, job.total)}
                  value={job.done}
                />
                <span className="tabular text-muted">
                  {formatExact(job.done)} of {formatExact(job.total)} spans
                </span>
                <Button size="small" className="ml-auto" disabled={cancel.isPending} onClick={() => cancel.mutate({ id: job.id })}>
                  Cancel
                </Button>
              </>
            ) : (
              <span className={job.status === 'failed' ? 'text-bad' : 'text-muted'}>
                {job.status}: {formatExact(job.changed)} of {formatExact(job.done)} spans changed, {change(job.costDelta)}
                {job.error !== null && ` – ${job.error}`}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** `-1.5` → `$1.50 less`. */
const change = (delta: string): string => {
  if (Number(delta) === 0) return 'the same cost'
  return delta.startsWith('-') ? `${formatUsd(delta.slice(1))} less` : `${formatUsd(delta)} more`
}
