'use client'
import type { BulkResume, FailureGroup } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { type FormEvent, useEffect, useState } from 'react'
import { describeOutcomes } from '@/features/runs/describe-outcomes'
import { formatExact } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { Failure } from '@/ui/states'

const RATES = [0.1, 0.5, 1, 5, 10, 50] as const
const POLL_MS = 500

/** Resumes all runs of the group, so many a second. The job is in the address: a reload shows it again. */
export function ResumeGroup({ data }: { data: FailureGroup }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [job, setJob] = useQueryState('resume', parseAsString)
  const [perSecond, setPerSecond] = useState(1)
  const [reason, setReason] = useState('')
  const resume = useMutation(
    trpc.failures.resume.mutationOptions({
      onSuccess: ({ id }) => void setJob(id),
      onSettled: () => client.invalidateQueries({ queryKey: trpc.failures.pathKey() }),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    resume.mutate({ group: data.group, perSecond, ...(reason === '' ? {} : { reason }) })
  }
  if (data.runs === 0)
    return (
      <p className="px-4 py-4 text-muted">
        These traces belong to no run: they were sent by OpenTelemetry alone, so there are no checkpoints to resume from. Agents of{' '}
        <code className="font-mono">@cairn/sdk</code> can be resumed.
      </p>
    )
  return (
    <div className="px-4 py-3">
      {job !== null && <Progress key={job} id={job} onClose={() => void setJob(null)} />}
      {data.resumable === 0 ? (
        <p className="text-muted">None of its runs stands still: they were resumed, or are gone.</p>
      ) : (
        <form onSubmit={submit} className="grid grid-cols-1 gap-3">
          <p>
            {data.resumable === 1 ? 'One run stands' : `${formatExact(data.resumable)} runs stand`} at this failure. Finished steps come
            back from their checkpoints; the step that failed runs again.
          </p>
          <div className="flex flex-wrap items-end gap-3">
            <label className="font-medium">
              Runs a second
              <select
                value={perSecond}
                onChange={(event) => setPerSecond(Number(event.target.value))}
                className="mt-1 block h-8 rounded-md border bg-panel px-2 font-normal"
              >
                {RATES.map((rate) => (
                  <option key={rate} value={rate}>
                    {rate}
                  </option>
                ))}
              </select>
            </label>
            <label className="min-w-40 flex-1 font-medium">
              Reason
              <input
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                maxLength={2_000}
                className="mt-1 block h-8 w-full rounded-md border bg-bg px-2.5 font-normal"
              />
            </label>
            <Button type="submit" variant="primary" disabled={resume.isPending}>
              Resume {formatExact(data.resumable)}
            </Button>
          </div>
          {resume.error !== null && <Failure error={resume.error} />}
        </form>
      )}
    </div>
  )
}

function Progress({ id, onClose }: { id: string; onClose: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const job = useQuery({
    ...trpc.failures.resumed.queryOptions({ id }),
    refetchInterval: ({ state }) => (state.data === undefined || hasEnded(state.data) ? false : POLL_MS),
  })
  const outcomes = job.data?.outcomes ?? null
  // What fails again is a failure of the group: its numbers are read with those of the job.
  const known = outcomes === null ? null : `${outcomes.succeeded} ${outcomes.failed} ${outcomes.unfinished}`
  useEffect(() => {
    if (known !== null) void client.invalidateQueries({ queryKey: trpc.failures.get.queryKey() })
  }, [known, client, trpc])
  const stop = useMutation(
    trpc.failures.stopResume.mutationOptions({ onSettled: () => client.invalidateQueries({ queryKey: trpc.failures.pathKey() }) }),
  )
  if (job.error !== null) return <Failure error={job.error} />
  if (job.data === undefined) return null
  const { matched, resumed, skipped, failed, endedAt, errors, perSecond } = job.data
  const done = resumed + skipped + failed
  return (
    <div className="mb-3 grid grid-cols-1 gap-2 rounded-md border p-3">
      <div className="flex flex-wrap items-center gap-3">
        <progress className="h-1.5 w-48 accent-[var(--accent)]" aria-label="Runs resumed" max={Math.max(1, matched)} value={done} />
        <span role="status" className="tabular">
          {formatExact(resumed)} of {formatExact(matched)} resumed
          {skipped > 0 && `, ${formatExact(skipped)} were no longer stopped`}
          {failed > 0 && `, ${formatExact(failed)} could not be`}
          {endedAt === null ? ` · ${perSecond} a second` : done < matched ? ' · stopped' : ''}
          {outcomes !== null && done > 0 && ` · ${describeOutcomes(outcomes)}`}
        </span>
        {endedAt === null ? (
          <Button size="small" className="ml-auto" disabled={stop.isPending} onClick={() => stop.mutate({ id })}>
            Stop
          </Button>
        ) : (
          <Button size="small" variant="ghost" className="ml-auto" onClick={onClose}>
            Close
          </Button>
        )}
      </div>
      {errors.length > 0 && (
        <ul className="text-bad">
          {errors.map((error) => (
            <li key={error.runId}>
              <Link href={`/runs/${error.runId}`} className="font-mono underline">
                {error.runId.slice(-6)}
              </Link>{' '}
              {error.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** The job and the runs that it resumed. */
const hasEnded = ({ endedAt, outcomes }: BulkResume) => endedAt !== null && (outcomes === null || outcomes.unfinished === 0)
