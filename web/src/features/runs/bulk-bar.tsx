'use client'
import type { BulkAction } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Link } from '@/ui/link'
import { Failure } from '@/ui/states'

interface BulkBarProps {
  readonly ids: readonly string[]
  /** All that match are meant, whatever is loaded. */
  readonly isAll: boolean
  readonly matched: number | undefined
  readonly query: string
  /** Left out: what matches can't be acted on as a whole. */
  readonly onAll: (() => void) | undefined
  readonly onClear: () => void
}

type Action = BulkAction['action']
const VERBS = { resume: 'Resume', cancel: 'Cancel', promote: 'Promote' } as const

/** What can be done to the selected runs. */
export function BulkBar({ ids, isAll, matched, query, onAll, onClear }: BulkBarProps) {
  const [action, setAction] = useState<Action | null>(null)
  const count = isAll ? (matched ?? 0) : ids.length
  const [a, b] = ids
  return (
    <section aria-label="Selection" className="flex flex-wrap items-center gap-2 border-b bg-raised px-4 py-1.5">
      <p className="tabular mr-2" aria-live="polite">
        {isAll ? `All ${formatCount(count)} that match` : `${formatCount(count)} selected`}
      </p>
      {!isAll && onAll !== undefined && matched !== undefined && matched > ids.length && (
        <button type="button" className="mr-2 text-accent text-xs hover:underline" onClick={onAll}>
          Select all {formatCount(matched)} that match
        </button>
      )}
      {(['resume', 'cancel', 'promote'] as const).map((name) => (
        <Button key={name} size="small" onClick={() => setAction(name)}>
          {VERBS[name]}
        </Button>
      ))}
      {!isAll && ids.length === 2 && a !== undefined && b !== undefined && (
        <Button asChild size="small">
          <Link href={`/compare?a=${a}&b=${b}`}>Compare</Link>
        </Button>
      )}
      <Button size="small" variant="ghost" onClick={onClear}>
        Clear selection
      </Button>
      {action !== null && (
        <BulkDialog
          action={action}
          count={count}
          target={isAll ? { query } : { ids: [...ids] }}
          onClose={(done) => {
            setAction(null)
            if (done) onClear()
          }}
        />
      )}
    </section>
  )
}

const FIELD = 'mt-1 w-full rounded-md border bg-bg px-3 py-1.5 font-normal'
const EXPLAIN: Readonly<Record<Action, string>> = {
  resume: 'Each goes on from its last checkpoint. Those that can’t be resumed are skipped.',
  cancel: 'Each is stopped with its next checkpoint. Those that have ended are skipped.',
  promote: 'The input and output of each run that succeeded become an example.',
}

function BulkDialog({
  action,
  count,
  target,
  onClose,
}: {
  action: Action
  count: number
  target: { ids?: string[]; query?: string }
  onClose: (done: boolean) => void
}) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [perSecond, setPerSecond] = useState('10')
  const [set, setSet] = useState('')
  const [reason, setReason] = useState('')
  const sets = useQuery({ ...trpc.fewShot.sets.queryOptions(), enabled: action === 'promote' })
  const start = useMutation(
    trpc.runs.startBulk.mutationOptions({
      onSuccess: () => onClose(true),
      onSettled: () => client.invalidateQueries({ queryKey: trpc.runs.bulkActions.queryKey() }),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate({
      action,
      ...target,
      perSecond: Number(perSecond),
      ...(action === 'promote' ? { set: set.trim() } : {}),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    })
  }
  return (
    <Dialog
      title={`${VERBS[action]} ${formatCount(count)} ${count === 1 ? 'run' : 'runs'}`}
      description={EXPLAIN[action]}
      open
      onOpenChange={(open) => open || onClose(false)}
    >
      <form onSubmit={submit} className="grid grid-cols-1 gap-4">
        {action === 'promote' ? (
          <label className="block font-medium">
            Set
            <input
              list="bulk-sets"
              required
              value={set}
              onChange={(event) => setSet(event.target.value)}
              maxLength={200}
              className={FIELD}
            />
            <datalist id="bulk-sets">
              {sets.data?.map((known) => (
                <option key={known.set} value={known.set} />
              ))}
            </datalist>
          </label>
        ) : (
          <label className="block font-medium">
            Reason <span className="font-normal text-muted">(kept with each run)</span>
            <input value={reason} onChange={(event) => setReason(event.target.value)} maxLength={2_000} className={FIELD} />
          </label>
        )}
        <label className="block font-medium">
          At most so many a second
          <input
            type="number"
            required
            min={0.01}
            max={1000}
            step="any"
            value={perSecond}
            onChange={(event) => setPerSecond(event.target.value)}
            className={FIELD}
          />
        </label>
        {start.error !== null && <Failure error={start.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onClose(false)}>Leave it</Button>
          <Button type="submit" variant={action === 'cancel' ? 'danger' : 'primary'} disabled={start.isPending}>
            {start.isPending ? 'Starting …' : `${VERBS[action]} ${count === 1 ? 'run' : 'runs'}`}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
