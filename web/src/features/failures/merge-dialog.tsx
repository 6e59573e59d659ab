'use client'
import type { FailureGroup } from '@cairn/sdk/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { formatCount } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { useRested } from '@/lib/use-rested'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Failure, Loading } from '@/ui/states'

interface MergeDialogProps {
  readonly data: FailureGroup
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

const HOURS = 720
/** Asked once nobody has typed for so long. */
const REST_MS = 250

/** Chooses groups that are the same cause. They can be taken apart again. */
export function MergeDialog({ data, open, onOpenChange }: MergeDialogProps) {
  const trpc = useTRPC()
  const [q, setQ] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const asked = useRested(q === '' ? null : q, REST_MS) ?? undefined
  const list = useQuery({ ...trpc.failures.list.queryOptions({ hours: HOURS, sort: 'count', q: asked }), enabled: open })
  const { merge } = useMerge()
  const others = list.data?.items.filter((item) => item.group !== data.group) ?? []
  const toggle = (group: string) => {
    const next = new Set(chosen)
    if (!next.delete(group)) next.add(group)
    setChosen(next)
  }
  return (
    <Dialog
      title="Merge into this group"
      description="They count as one from now on, what comes included. It can be undone."
      open={open}
      onOpenChange={onOpenChange}
    >
      <input
        type="search"
        value={q}
        onChange={(event) => setQ(event.target.value)}
        placeholder="Type, message, agent or step"
        aria-label="Search groups to merge"
        className="h-8 w-full rounded-md border bg-bg px-2.5"
      />
      {list.error !== null && <Failure error={list.error} />}
      {list.isPending && open && <Loading what="groups" />}
      <ul className="my-3 max-h-72 overflow-y-auto">
        {others.map((item) => (
          <li key={item.group} className="border-b last:border-b-0">
            <label className="flex items-baseline gap-2 px-1 py-2 hover:bg-raised">
              <input type="checkbox" checked={chosen.has(item.group)} onChange={() => toggle(item.group)} />
              <span className="tabular w-10 shrink-0 text-right text-bad">{formatCount(item.count)}</span>
              <span className="shrink-0 font-medium">{item.errorType}</span>
              <span className="min-w-0 truncate text-muted">{item.errorMessage}</span>
              <span className="ml-auto shrink-0 text-muted">{item.agent}</span>
            </label>
          </li>
        ))}
        {list.isSuccess && others.length === 0 && <li className="py-6 text-center text-muted">No other group in the last 30 days.</li>}
      </ul>
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Leave it</Button>
        <Button
          variant="primary"
          disabled={chosen.size === 0 || chosen.size > 100}
          onClick={() => {
            merge(data.group, [...chosen])
            setChosen(new Set())
            onOpenChange(false)
          }}
        >
          Merge {chosen.size === 0 ? '' : chosen.size}
        </Button>
      </div>
    </Dialog>
  )
}

/** Merges groups and takes them apart, each with a way back. */
export function useMerge() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const options = {
    onSettled: () => client.invalidateQueries({ queryKey: trpc.failures.pathKey() }),
    onError: (error: { message: string }) => void toast.error(error.message),
  }
  const joining = useMutation(trpc.failures.merge.mutationOptions(options))
  const parting = useMutation(trpc.failures.unmerge.mutationOptions(options))
  // Not by callbacks of mutate(): those of a call are dropped when the next one is made before its answer.
  const join = (group: string, groups: string[]) => joining.mutateAsync({ group, groups })
  const part = (group: string, groups: string[]) => parting.mutateAsync({ group, groups })
  const merge = (group: string, groups: string[]) =>
    void join(group, groups).then(
      ({ merged }) =>
        toast.success(merged.length === 1 ? 'Merged a group' : `Merged ${merged.length} groups`, {
          action: { label: 'Undo', onClick: () => void part(group, merged).catch(ignore) },
        }),
      ignore,
    )
  const unmerge = (group: string, groups: string[]) =>
    void part(group, groups).then(
      ({ unmerged }) =>
        toast.success('Taken apart', { action: { label: 'Undo', onClick: () => void join(group, unmerged).catch(ignore) } }),
      ignore,
    )
  return { merge, unmerge, isPending: joining.isPending || parting.isPending }
}

/** A failure has been said by then. */
const ignore = () => undefined
