import type { DecideFailure, FailureSummary } from '@cairn/sdk/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/lib/trpc'
import { isDecided, toDecision } from './failure-model'

const DONE = { open: 'Opened again', resolved: 'Resolved', muted: 'Muted' } as const
const ignore = () => undefined

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
  const decide = (now: FailureSummary, wanted: DecideFailure) => {
    const { group, errorType } = now
    if (isDecided(now, wanted)) return
    const undo = () => {
      takeBack.current = null
      mutation.mutateAsync({ group, decision: toDecision(now) }).then(() => toast.success(`Undone: ${errorType}`), ignore)
    }
    // Not by callbacks of mutate(): those of a decision are dropped when the next one is made before its answer.
    mutation.mutateAsync({ group, decision: wanted }).then(() => {
      takeBack.current = undo
      toast.success(`${DONE[wanted.state]}: ${errorType}`, { action: { label: 'Undo', onClick: undo } })
    }, ignore)
  }
  return { decide, undo: () => takeBack.current?.(), isPending: mutation.isPending }
}
