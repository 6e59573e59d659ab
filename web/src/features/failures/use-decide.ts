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
  const decide = ({ group, errorType, state, regression, decision }: FailureSummary, wanted: DecideFailure) => {
    if (isDecided({ state, decision }, wanted)) return
    const undo = () => {
      takeBack.current = null
      // That it was a regression is lost with the decision: nobody can say it but the collector, when it sees one.
      const done = regression ? `Open again, but no longer marked as a regression: ${errorType}` : `Undone: ${errorType}`
      mutation.mutateAsync({ group, decision: toDecision(state, decision) }).then(() => toast.success(done), ignore)
    }
    // Not by callbacks of mutate(): those of a decision are dropped when the next one is made before its answer.
    mutation.mutateAsync({ group, decision: wanted }).then(() => {
      takeBack.current = undo
      toast.success(`${DONE[wanted.state]}: ${errorType}`, { action: { label: 'Undo', onClick: undo } })
    }, ignore)
  }
  return { decide, undo: () => takeBack.current?.(), isPending: mutation.isPending }
}
