'use client'
import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { StatusBadge } from '@/ui/status-badge'
import { useFocusBack } from '@/ui/use-focus-back'
import { KeyCaps } from '../key-caps'
import { arrange, type Entry } from './palette-model'
import { useEntries } from './use-entries'
import { zoneEntries } from './zone-entries'

const ITEM = 'flex cursor-pointer items-center gap-3 rounded px-3 py-2 data-[selected=true]:bg-raised'
const REST_MS = 120

interface CommandDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onPreferences: () => void
}

/** Anything by a few letters: what this page can do, pages, runs, failures, sessions, users, preferences. */
export function CommandDialog({ open, onOpenChange, onPreferences }: CommandDialogProps) {
  // What was chosen acts when the palette has gone and given the focus back: a dialog that it opens must not lose it again.
  const chosen = useRef<(() => void) | null>(null)
  const giveFocusBack = useFocusBack(open)
  const afterClose = (event: Event) => {
    giveFocusBack(event)
    const run = chosen.current
    chosen.current = null
    if (run !== null) setTimeout(run)
  }
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={afterClose}
          className="-translate-x-1/2 fixed top-[12vh] left-1/2 z-50 w-[min(40rem,calc(100vw-2rem))] overflow-hidden rounded-lg border bg-panel shadow-2xl"
        >
          <Dialog.Title className="sr-only">Command palette</Dialog.Title>
          <Palette
            onPreferences={onPreferences}
            onChoose={(run) => {
              chosen.current = run
              onOpenChange(false)
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Palette({ onChoose, onPreferences }: { onChoose: (run: () => void) => void; onPreferences: () => void }) {
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  const [zones, setZones] = useState(false)
  const router = useRouter()
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), REST_MS)
    return () => clearTimeout(timer)
  }, [text])
  const chooseZone = useCallback(() => {
    setZones(true)
    setText('')
  }, [])
  const go = useCallback((href: string) => router.push(href), [router])
  const { entries, isSearching } = useEntries({ asked, go, chooseZone, showPreferences: onPreferences })
  const groups = useMemo(() => arrange(zones ? zoneEntries() : entries, text), [zones, entries, text])
  const count = groups.reduce((sum, group) => sum + group.entries.length, 0)
  const choose = (entry: Entry) => (entry.run === chooseZone ? chooseZone() : onChoose(entry.run))
  return (
    <Command
      loop
      shouldFilter={false}
      // Ctrl+K is among them: here it closes what it opened.
      vimBindings={false}
      label={zones ? 'Time zones' : 'Commands'}
      onKeyDown={(event) => {
        if (!zones || event.key !== 'Backspace' || text !== '') return
        event.preventDefault()
        setZones(false)
      }}
    >
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder={zones ? 'Time zone …' : 'Page, action, run, session, user, trace id, error …'}
        className="w-full border-b bg-transparent px-4 py-3 outline-none"
      />
      <p role="status" className="sr-only">
        {isSearching ? 'Searching' : `${count} found`}
      </p>
      <Command.List className="max-h-[55vh] overflow-y-auto p-2">
        {count === 0 && (
          <Command.Empty className="p-4 text-center text-muted">
            {isSearching || text.trim() !== asked ? 'Searching …' : 'Nothing found.'}
          </Command.Empty>
        )}
        {groups.map((group) => (
          <Command.Group
            key={group.name}
            heading={group.name}
            className="**:[[cmdk-group-heading]]:px-3 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-2xs **:[[cmdk-group-heading]]:text-muted"
          >
            {group.entries.map((entry) => (
              <Command.Item key={entry.id} value={entry.id} onSelect={() => choose(entry)} className={ITEM}>
                {entry.status !== undefined ? (
                  <StatusBadge status={entry.status} className="w-24 shrink-0" />
                ) : (
                  entry.icon !== undefined && <entry.icon size={14} aria-hidden className="shrink-0" />
                )}
                <span className="shrink-0 max-w-[70%] truncate">{entry.label}</span>
                {entry.detail !== undefined && <span className="min-w-0 truncate text-2xs text-muted">{entry.detail}</span>}
                {entry.keys !== undefined && <KeyCaps keys={entry.keys} className="ml-auto shrink-0" />}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  )
}
