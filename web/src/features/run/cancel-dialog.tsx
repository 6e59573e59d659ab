'use client'
import type { Run } from '@cairn/sdk/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Failure } from '@/ui/states'

export function CancelDialog({ run, open, onOpenChange }: { run: Run; open: boolean; onOpenChange: (open: boolean) => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const cancel = useMutation(
    trpc.runs.cancel.mutationOptions({
      onSuccess: () => onOpenChange(false),
      onSettled: () => client.invalidateQueries(),
    }),
  )
  return (
    <Dialog
      title="Cancel run"
      description="A model call in flight is aborted. A cancelled run can be resumed later."
      open={open}
      onOpenChange={onOpenChange}
    >
      {cancel.error !== null && <Failure error={cancel.error} />}
      <div className="flex justify-end gap-2">
        <Button autoFocus onClick={() => onOpenChange(false)}>
          Leave it
        </Button>
        <Button variant="danger" disabled={cancel.isPending} onClick={() => cancel.mutate({ id: run.id })}>
          Cancel run
        </Button>
      </div>
    </Dialog>
  )
}
