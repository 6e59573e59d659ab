'use client'
import type { DecideFailure, FailureGroup } from '@cairn/sdk/protocol'
import { type FormEvent, useState } from 'react'
import { useActions } from '@/features/shell/commands'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { MUTES, type Mute, toMute } from './failure-model'
import { MergeDialog } from './merge-dialog'
import { useDecide } from './use-decide'

type Opened = 'resolve' | 'mute' | 'merge' | null

/** Resolve, mute, open again, merge; r and m do so by the keyboard, u takes it back. */
export function GroupActions({ data }: { data: FailureGroup }) {
  const { decide, undo, isPending } = useDecide()
  const [opened, setOpened] = useState<Opened>(null)
  const close = (open: boolean) => !open && setOpened(null)
  const apply = (decision: DecideFailure) => {
    setOpened(null)
    decide(data, decision)
  }
  useActions('Failure', [
    ...(data.state === 'resolved' ? [] : [{ keys: 'r', what: 'Resolve the group', run: () => setOpened('resolve') }]),
    ...(data.state === 'muted' ? [] : [{ keys: 'm', what: 'Mute the group', run: () => setOpened('mute') }]),
    { keys: 'u', what: 'Take the last decision back', run: undo },
    { what: 'Merge other groups into this one', run: () => setOpened('merge') },
  ])
  return (
    <div className="flex flex-wrap gap-2">
      {data.state !== 'resolved' && (
        <Button variant="primary" disabled={isPending} onClick={() => setOpened('resolve')}>
          Resolve <kbd className="font-mono text-2xs">r</kbd>
        </Button>
      )}
      {data.state !== 'muted' && (
        <Button disabled={isPending} onClick={() => setOpened('mute')}>
          Mute <kbd className="font-mono text-2xs text-muted">m</kbd>
        </Button>
      )}
      {data.state !== 'open' && (
        <Button disabled={isPending} onClick={() => apply({ state: 'open' })}>
          Open again
        </Button>
      )}
      <Button onClick={() => setOpened('merge')}>Merge …</Button>
      <ResolveDialog data={data} open={opened === 'resolve'} onOpenChange={close} onDecide={apply} />
      <MuteDialog open={opened === 'mute'} onOpenChange={close} onDecide={apply} />
      <MergeDialog data={data} open={opened === 'merge'} onOpenChange={close} />
    </div>
  )
}

interface DecideDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onDecide: (decision: DecideFailure) => void
}

const FIELD = 'mt-1 w-full rounded-md border bg-bg px-3 py-1.5 font-normal'

function ResolveDialog({ data, open, onOpenChange, onDecide }: DecideDialogProps & { data: FailureGroup }) {
  const [inVersion, setInVersion] = useState('')
  const [note, setNote] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDecide({ state: 'resolved', ...(inVersion === '' ? {} : { inVersion }), ...(note === '' ? {} : { note }) })
  }
  const old = data.byVersion.map(({ version }) => version).filter((version) => version !== '' && version !== inVersion)
  return (
    <Dialog
      title="Resolve"
      description="It opens by itself when a run that begins from now on fails so again."
      open={open}
      onOpenChange={onOpenChange}
    >
      <form onSubmit={submit} className="grid grid-cols-1 gap-4">
        <label className="block font-medium">
          Fixed in version <span className="font-normal text-muted">(left empty: in any)</span>
          <input value={inVersion} onChange={(event) => setInVersion(event.target.value)} maxLength={200} className={FIELD} />
        </label>
        {inVersion !== '' && old.length > 0 && (
          <p className="text-muted">
            Failures of {old.map((version) => `v${version}`).join(', ')} leave it resolved; one of v{inVersion} or of another version opens
            it.
          </p>
        )}
        <label className="block font-medium">
          Note <span className="font-normal text-muted">(kept in the history)</span>
          <input value={note} onChange={(event) => setNote(event.target.value)} maxLength={2_000} className={FIELD} />
        </label>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Leave it</Button>
          <Button type="submit" variant="primary">
            Resolve
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function MuteDialog({ open, onOpenChange, onDecide }: DecideDialogProps) {
  const [choice, setChoice] = useState<Mute>('for a week')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDecide(toMute(choice, Date.now()))
  }
  return (
    <Dialog title="Mute" description="It leaves the list of open failures, and goes on counting." open={open} onOpenChange={onOpenChange}>
      <form onSubmit={submit} className="grid grid-cols-1 gap-4">
        <fieldset className="grid grid-cols-1 gap-2">
          <legend className="sr-only">For how long</legend>
          {MUTES.map(([label]) => (
            <label key={label} className="flex items-center gap-2">
              <input type="radio" name="mute" checked={choice === label} autoFocus={choice === label} onChange={() => setChoice(label)} />{' '}
              {label}
            </label>
          ))}
        </fieldset>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Leave it</Button>
          <Button type="submit" variant="primary">
            Mute
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
