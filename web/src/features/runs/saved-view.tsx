import { useMutation } from '@tanstack/react-query'
import { Check, Pencil, Trash2, X } from 'lucide-react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'

interface SavedViewProps {
  readonly view: { readonly id: string; readonly name: string; readonly query: string }
  readonly onOpen: () => void
  /** Resolves once the list has the new name. */
  readonly onRenamed: () => Promise<void>
  readonly onDelete: () => void
}

/** One line of the list: opens the view, renames it in its place, deletes it. */
export function SavedView({ view, onOpen, onRenamed, onDelete }: SavedViewProps) {
  const [isRenamed, setRenamed] = useState(false)
  const renameButton = useRef<HTMLButtonElement>(null)
  const wasRenamed = useRef(false)
  useEffect(() => {
    if (wasRenamed.current && !isRenamed) renameButton.current?.focus()
    wasRenamed.current = isRenamed
  }, [isRenamed])
  if (isRenamed) return <RenameForm view={view} onRenamed={onRenamed} onDone={() => setRenamed(false)} />
  return (
    <li className="flex items-center gap-1">
      <button type="button" className="min-w-0 flex-1 rounded px-2 py-1 text-left hover:bg-raised" onClick={onOpen}>
        <span className="block truncate font-medium">{view.name}</span>
        <span className="block truncate font-mono text-2xs text-muted">{view.query || 'all runs'}</span>
      </button>
      <Button ref={renameButton} variant="ghost" size="icon" aria-label={`Rename ${view.name}`} onClick={() => setRenamed(true)}>
        <Pencil size={13} aria-hidden />
      </Button>
      <Button variant="ghost" size="icon" aria-label={`Delete ${view.name}`} onClick={onDelete}>
        <Trash2 size={13} aria-hidden />
      </Button>
    </li>
  )
}

/** Whether a key was pressed where a new name is typed. */
export const isRenaming = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[data-renaming]') !== null

function RenameForm({ view, onRenamed, onDone }: Pick<SavedViewProps, 'view' | 'onRenamed'> & { onDone: () => void }) {
  const trpc = useTRPC()
  const [name, setName] = useState(view.name)
  const problemId = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const rename = useMutation(
    trpc.savedViews.rename.mutationOptions({
      onSuccess: async () => {
        await onRenamed()
        onDone()
      },
    }),
  )
  const typed = name.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed === '' || rename.isPending) return
    if (typed === view.name) onDone()
    else rename.mutate({ id: view.id, name: typed })
  }
  return (
    <li data-renaming>
      <form
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone()
        }}
        className="flex items-center gap-1"
      >
        <input
          ref={input}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={100}
          aria-label={`New name of ${view.name}`}
          aria-invalid={rename.error !== null}
          aria-describedby={rename.error === null ? undefined : problemId}
          className="h-8 min-w-0 flex-1 rounded-md border bg-bg px-2"
        />
        <Button type="submit" variant="ghost" size="icon" aria-label="Save the name" disabled={typed === ''}>
          <Check size={14} aria-hidden />
        </Button>
        <Button variant="ghost" size="icon" aria-label="Keep the old name" onClick={onDone}>
          <X size={14} aria-hidden />
        </Button>
      </form>
      {rename.error !== null && (
        <p id={problemId} role="alert" className="px-2 py-1 text-2xs text-bad">
          {rename.error.message}
        </p>
      )}
    </li>
  )
}
