'use client'
import { useEffect } from 'react'
import { getPreferences } from '@/lib/preferences'
import { registeredCommands } from './commands'
import { createKeyPresses } from './key-presses'

const EDITABLE = 'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]'
const OWN_KEYS = 'button, a[href], summary, [role=button], [role=tab], input'

/** Whether the element that has the focus needs the key itself. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (key.startsWith('Mod+')) return false
  if (!(target instanceof Element)) return false
  if (target.closest(EDITABLE) !== null) return true
  // A dialog is a page of its own: what lies under it must not act.
  if (target.closest('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]') !== null) return true
  return (key === 'Enter' || key === 'Space') && target.closest(OWN_KEYS) !== null
}

/** Turns keys into the commands that are registered. Once, in the shell. */
export function useKeyboard(): void {
  useEffect(() => {
    const { onCapture, onBubble } = createKeyPresses({
      commands: registeredCommands,
      hasCharacterKeys: () => getPreferences().shortcuts,
      isTaken,
      now: () => performance.now(),
    })
    window.addEventListener('keydown', onCapture, true)
    window.addEventListener('keydown', onBubble)
    return () => {
      window.removeEventListener('keydown', onCapture, true)
      window.removeEventListener('keydown', onBubble)
    }
  }, [])
}
