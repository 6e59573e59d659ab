'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { isRenaming, SavedView } from './saved-view'
import type { View } from './use-runs-address'

/** Queries that the project keeps under a name: with columns and order. */
export function SavedViews({ now, onOpen }: { now: View; onOpen: (view: View) => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [isOpen, setOpen] = useState(false)
  const views = useQuery(trpc.savedViews.list.queryOptions({ page: 'runs' }))
  const readAgain = async () => {
    const lists = { queryKey: trpc.savedViews.list.queryKey() }
    // A first answer that is on its way would be taken for the new one.
    await client.cancelQueries(lists)
    await client.invalidateQueries(lists)
  }
  const after = { onError: (error: { message: string }) => void toast.error(error.message), onSettled: readAgain }
  const save = useMutation(trpc.savedViews.save.mutationOptions(after))
  const remove = useMutation(trpc.savedViews.remove.mutationOptions(after))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    save.mutate({ page: 'runs', name: name.trim(), query: now.query, columns: [...now.columns], sort: now.sort })
    setName('')
  }
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button>
          <Bookmark size={14} aria-hidden /> Views
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          aria-label="Saved views"
          className="z-40 w-80 rounded-md border bg-panel p-3 shadow-lg"
          // It ends the renaming first.
          onEscapeKeyDown={(event) => isRenaming(event.target) && event.preventDefault()}
          // Undo is in a message: what it brings back is seen here.
          onInteractOutside={(event) => {
            if (event.target instanceof Element && event.target.closest('[data-sonner-toaster]') !== null) event.preventDefault()
          }}
        >
          <ul className="max-h-72 overflow-auto">
            {views.data?.map((view) => (
              <SavedView
                key={view.id}
                view={view}
                onOpen={() => {
                  onOpen(view)
                  setOpen(false)
                }}
                onRenamed={readAgain}
                onDelete={() => {
                  remove.mutate({ id: view.id })
                  toast(`View ${view.name} deleted.`, {
                    action: {
                      label: 'Undo',
                      onClick: () =>
                        save.mutate({ page: 'runs', name: view.name, query: view.query, columns: view.columns, sort: view.sort }),
                    },
                  })
                }}
              />
            ))}
          </ul>
          {views.data?.length === 0 && <p className="px-2 pb-2 text-muted">No views yet. Keep this query under a name:</p>}
          <form onSubmit={submit} className="mt-2 flex gap-2">
            <input
              value={name}
              onChange={(event) => setName(event.target.value)}
              maxLength={100}
              aria-label="Name of the view"
              placeholder="Name"
              className="h-8 min-w-0 flex-1 rounded-md border bg-bg px-2"
            />
            <Button type="submit">Save view</Button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
