'use client'
import type { BulkAction } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { describeOutcomes } from './describe-outcomes'

const DOING = { resume: 'Resuming', cancel: 'Cancelling', promote: 'Promoting' } as const
const DONE = { resume: 'Resumed', cancel: 'Cancelled', promote: 'Promoted' } as const
/** What has ended is shown for so long. */
const SHOWN_MS = 120_000

/** Bulk actions that wait, go on or have just ended. */
export function BulkProgress() {
  const trpc = useTRPC()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const actions = useQuery({
    ...trpc.runs.bulkActions.queryOptions(),
    refetchInterval: ({ state }) => (state.data?.some((one) => one.endedAt === null) ? 500 : 5_000),
  })
  const shown = (actions.data ?? []).filter(
    (one) => !hidden.has(one.id) && (one.endedAt === null || Date.now() - Date.parse(one.endedAt) < SHOWN_MS),
  )
  return shown.map((one) => <Progress key={one.id} bulk={one} onHide={() => setHidden(new Set([...hidden, one.id]))} />)
}

function Progress({ bulk, onHide }: { bulk: BulkAction; onHide: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const after = {
    onError: (error: { message: string }) => void toast.error(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: trpc.runs.bulkActions.queryKey() }),
  }
  const stop = useMutation(trpc.runs.stopBulk.mutationOptions(after))
  const undo = useMutation(trpc.runs.undoBulk.mutationOptions(after))
  const handled = bulk.done + bulk.skipped + bulk.failed
  const waitsMs = Date.parse(bulk.startsAt) - Date.now()
  const waits = bulk.endedAt === null && handled === 0 && waitsMs > 0
  return (
    <section aria-label={`${DOING[bulk.action]} runs`} className="border-b px-4 py-2 text-xs">
      <div className="flex flex-wrap items-center gap-3">
        <p className="tabular" role="status">
          <span className="font-medium">{title(bulk, waits)}</span>
          {!waits && (
            <span className="ml-2 text-muted">
              {formatCount(bulk.done)} done, {formatCount(bulk.skipped)} skipped, {formatCount(bulk.failed)} failed, of{' '}
              {formatCount(bulk.matched)}
              {bulk.outcomes !== null && bulk.done > 0 && ` · ${describeOutcomes(bulk.outcomes)}`}
            </span>
          )}
        </p>
        {bulk.action === 'promote' && bulk.set !== null && (
          <Link href={`/few-shot/${encodeURIComponent(bulk.set)}`} className="text-accent hover:underline">
            {bulk.set}
          </Link>
        )}
        <progress aria-label="Progress" max={Math.max(1, bulk.matched)} value={handled} className="h-1.5 w-40 accent-accent" />
        {bulk.endedAt === null && (
          <Button size="small" onClick={() => stop.mutate({ id: bulk.id })}>
            {waits ? 'Undo' : 'Stop'}
          </Button>
        )}
        {bulk.action === 'promote' && bulk.done > 0 && bulk.undoneAt === null && (
          <Button size="small" disabled={undo.isPending} onClick={() => undo.mutate({ id: bulk.id })}>
            Undo
          </Button>
        )}
        {bulk.endedAt !== null && (
          <Button size="small" variant="ghost" onClick={onHide}>
            Hide
          </Button>
        )}
      </div>
      {bulk.errors.length > 0 && (
        <ul className="mt-1 max-h-24 overflow-auto text-bad">
          {bulk.errors.map((error) => (
            <li key={error.runId} className="[overflow-wrap:anywhere]">
              <Link href={`/runs/${error.runId}`} className="font-mono underline">
                {error.runId.slice(-6)}
              </Link>{' '}
              {error.message}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function title(bulk: BulkAction, waits: boolean): string {
  if (bulk.undoneAt !== null) return 'Taken back'
  if (waits) return `${DOING[bulk.action]} ${formatCount(bulk.matched)} runs in a moment`
  if (bulk.endedAt === null) return DOING[bulk.action]
  return bulk.done + bulk.skipped + bulk.failed < bulk.matched ? 'Stopped' : DONE[bulk.action]
}
