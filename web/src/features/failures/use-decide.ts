import type { DecideFailure, FailureSummary } from '@cairn/sdk/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/lib/trpc'
import { toDecision } from './failure-model'

const DONE = { open: 'Opened again', resolved: 'Resolved', muted: 'Muted' } as const

/** Decides about a group, with a way back: by the toast for as long as it shows, and by `undo`. */
export function useDecide() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const takeBack = useRef<(() => void) | null>(null)
  const mutation = useMutation(
    trpc.failures.decide.mutationOptions({
      onSettled: () => client.invalidateQueries({ queryKey: trpc.failures.pathKey() }),
      onError: (error) => void toast.error(error.message),
    }),
  )
  const decide = ({ group, errorType, state, decision }: FailureSummary, wanted: DecideFailure) => {
    const undo = () => {
      takeBack.current = null
      mutation.mutate({ group, decision: toDecision(state, decision) }, { onSuccess: () => void toast.success(`Undone: ${errorType}`) })
    }
    mutation.mutate(
      { group, decision: wanted },
      {
        onSuccess: () => {
          takeBack.current = undo
          toast.success(`${DONE[wanted.state]}: ${errorType}`, { action: { label: 'Undo', onClick: undo } })
        },
      },
    )
  }
  return { decide, undo: () => takeBack.current?.(), isPending: mutation.isPending }
}
