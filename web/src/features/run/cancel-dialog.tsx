'use client'
import type { Run } from '@cairn/sdk/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Failure } from '@/ui/states'
import { Overtaken } from './overtaken'
import { ReasonField } from './reason-field'
import { isCancellable } from './run-model'

export function CancelDialog({ run, open, onOpenChange }: { run: Run; open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      title="Cancel run"
      description="A model call in flight is aborted. A cancelled run can be resumed later."
      open={open}
      onOpenChange={onOpenChange}
    >
      <Form run={run} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function Form({ run, onDone }: { run: Run; onDone: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const cancel = useMutation(trpc.runs.cancel.mutationOptions({ onSuccess: onDone, onSettled: () => client.invalidateQueries() }))
  const isOvertaken = !isCancellable(run) && !cancel.isPending && !cancel.isSuccess
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!cancel.isPending && !isOvertaken) cancel.mutate({ id: run.id, ...(reason.trim() === '' ? {} : { reason }) })
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
      {isOvertaken && <Overtaken run={run} what="cancel" />}
      <ReasonField value={reason} onChange={setReason} keptWith="the run" />
      {cancel.error !== null && <Failure error={cancel.error} />}
      <div className="flex justify-end gap-2">
        <Button autoFocus onClick={onDone}>
          Leave it
        </Button>
        <Button type="submit" variant="danger" disabled={cancel.isPending || isOvertaken}>
          Cancel run
        </Button>
      </div>
    </form>
  )
}
