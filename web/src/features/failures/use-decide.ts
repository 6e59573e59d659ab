'use client'
import type { DecideFailure, FailureGroup } from '@cairn/sdk/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { toast } from 'sonner'
import { useTRPC, useTRPCClient } from '@/lib/trpc'
import { toDecision } from './failure-model'

const DONE = { open: 'Opened again', resolved: 'Resolved', muted: 'Muted' } as const

/** Decides about a group, with a way back for as long as the toast shows and by `undo`. */
export function useDecide() {
  const trpc = useTRPC()
  const api = useTRPCClient()
  const client = useQueryClient()
  const last = useRef<(() => void) | null>(null)
  const refresh = { onSettled: () => client.invalidateQueries({ queryKey: trpc.failures.pathKey() }) }
  const mutation = useMutation(trpc.failures.decide.mutationOptions({ ...refresh, onError: (error) => void toast.error(error.message) }))
  const decide = async (group: string, decision: DecideFailure, { say = true } = {}) => {
    const before: FailureGroup | null = await api.failures.get.query({ group, hours: 1 }).catch(() => null)
    mutation.mutate(
      { group, decision },
      {
        onSuccess: () => {
          if (!say || before === null) return
          const undo = () => {
            last.current = null
            void decide(group, toDecision(before.state, before.decision), { say: false })
            toast.success('Undone')
          }
          last.current = undo
          toast.success(`${DONE[decision.state]}: ${before.errorType}`, { action: { label: 'Undo', onClick: undo } })
        },
      },
    )
  }
  return { decide, undo: () => last.current?.(), isPending: mutation.isPending }
}
