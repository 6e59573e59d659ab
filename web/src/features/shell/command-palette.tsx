'use client'
import { Keyboard, Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { Button } from '@/ui/button'
import { useLoadedEarly } from '@/ui/use-loaded-early'
import { useShortcuts } from './commands'
import { GO_KEYS } from './go-keys'
import { KeyCaps } from './key-caps'
import { PAGES } from './pages'
import { useKeyboard } from './use-keyboard'

const loadPalette = () => import('./palette/command-dialog')
const CommandDialog = dynamic(() => loadPalette().then((module) => module.CommandDialog), { ssr: false })
const PreferencesDialog = dynamic(() => import('./preferences-dialog').then((module) => module.PreferencesDialog), { ssr: false })

/** The palette, the sheet of shortcuts, and the keys that act everywhere. The code of the two is no part of the page's own. */
export function CommandPalette() {
  const router = useRouter()
  const [shown, setShown] = useState<'palette' | 'preferences' | null>(null)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const show = useCallback((what: 'palette' | 'preferences') => {
    setShown((before) => (before === what ? null : what))
    setOpened((before) => new Set(before).add(what))
  }, [])
  const showPreferences = useCallback(() => show('preferences'), [show])
  useKeyboard()
  // What is typed right after its keys is meant for it: its code is there by then.
  useLoadedEarly(loadPalette)
  useShortcuts('Anywhere', [
    { keys: 'Mod+k', what: 'Find and do anything', run: () => show('palette') },
    { keys: '?', what: 'Shortcuts and preferences', run: showPreferences },
    { keys: '/', what: 'Search on this page', run: () => focusSearch() || show('palette') },
  ])
  useShortcuts(
    'Go to',
    PAGES.flatMap(([href, label]) =>
      GO_KEYS[href] === undefined ? [] : { keys: `g ${GO_KEYS[href]}`, what: label, run: () => router.push(href) },
    ),
  )
  return (
    <>
      <Button variant="ghost" size="small" className="justify-start" onClick={() => show('palette')}>
        <Search size={14} aria-hidden /> <span className="sr-only md:not-sr-only">Go to</span>
        <KeyCaps keys="Mod+k" className="ml-auto hidden md:inline-flex" />
      </Button>
      <Button variant="ghost" size="small" className="justify-start" onClick={showPreferences}>
        <Keyboard size={14} aria-hidden /> <span className="sr-only md:not-sr-only">Preferences</span>
        <KeyCaps keys="?" className="ml-auto hidden md:inline-flex" />
      </Button>
      {opened.has('palette') && (
        <CommandDialog
          open={shown === 'palette'}
          onOpenChange={(open) => setShown(open ? 'palette' : null)}
          onPreferences={showPreferences}
        />
      )}
      {opened.has('preferences') && (
        <PreferencesDialog open={shown === 'preferences'} onOpenChange={(open) => setShown(open ? 'preferences' : null)} />
      )}
    </>
  )
}

/** The page's own search: what carries `data-search`, else the first field of type search. */
function focusSearch(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement>('#content [data-search], #content input[type=search]')
  const field = [...fields].find((candidate) => candidate.checkVisibility())
  field?.focus()
  field?.select?.()
  return field !== undefined
}
