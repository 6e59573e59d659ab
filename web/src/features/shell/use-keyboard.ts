'use client'
import { useEffect } from 'react'
import { getPreferences } from '@/lib/preferences'
import { registeredCommands } from './commands'
import { isCharacterKey, pressKey, toKey } from './keys-model'

/** After this the next key begins anew. */
const SEQUENCE_MS = 1_500
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
    let pending: readonly string[] = []
    let pressedAt = 0
    const onKey = (event: KeyboardEvent) => {
      const key = toKey(event)
      if (key === null || event.defaultPrevented || event.isComposing || isTaken(event.target, key)) return
      if (isCharacterKey(key) && !getPreferences().shortcuts) return
      const now = performance.now()
      const commands = registeredCommands().filter((command) => command.run !== undefined)
      const next = pressKey(now - pressedAt > SEQUENCE_MS ? [] : pending, key, commands)
      pending = next.pending
      pressedAt = now
      if (next.hit === undefined) return
      event.preventDefault()
      next.hit.run?.()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
