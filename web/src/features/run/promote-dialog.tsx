'use client'
import type { Run } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Link } from '@/ui/link'
import { Failure } from '@/ui/states'

interface PromoteDialogProps {
  readonly run: Run
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

const FIELD = 'mt-1 w-full rounded-md border bg-bg px-3 py-1.5 font-normal'

/** Puts a good run's input and output into a few-shot set, an old one or a new one. */
export function PromoteDialog({ run, open, onOpenChange }: PromoteDialogProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const sets = useQuery({ ...trpc.fewShot.sets.queryOptions(), enabled: open })
  const [set, setSet] = useState(`${run.agent}-examples`)
  const [note, setNote] = useState('')
  const promote = useMutation(
    trpc.runs.promote.mutationOptions({
      onSuccess: ({ version }) => {
        toast.success(
          <span>
            In{' '}
            <Link href={`/few-shot/${encodeURIComponent(set)}`} className="underline">
              {set}
            </Link>
            , version {version}.
          </span>,
        )
        onOpenChange(false)
      },
      onSettled: () => client.invalidateQueries(),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    promote.mutate({ id: run.id, set: set.trim(), ...(note === '' ? {} : { note }) })
  }
  return (
    <Dialog
      title="Promote run"
      description="Its input and output become an example that agents can ask for."
      open={open}
      onOpenChange={onOpenChange}
    >
      <form onSubmit={submit} className="grid grid-cols-1 gap-4">
        <label className="block font-medium">
          Set
          <input list="sets" required value={set} onChange={(event) => setSet(event.target.value)} maxLength={200} className={FIELD} />
          <datalist id="sets">
            {sets.data?.map((known) => (
              <option key={known.set} value={known.set} />
            ))}
          </datalist>
        </label>
        <label className="block font-medium">
          Note <span className="font-normal text-muted">(why it is a good example)</span>
          <textarea value={note} onChange={(event) => setNote(event.target.value)} rows={3} maxLength={2_000} className={FIELD} />
        </label>
        {promote.error !== null && <Failure error={promote.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Leave it</Button>
          <Button type="submit" variant="primary" disabled={promote.isPending || set.trim() === ''}>
            {promote.isPending ? 'Promoting …' : 'Promote run'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
