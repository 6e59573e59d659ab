'use client'
import { type RefObject, useEffect } from 'react'

interface RunKeys {
  readonly ids: readonly string[]
  readonly current: string
  readonly queryRef: RefObject<HTMLInputElement | null>
  readonly onMove: (id: string) => void
  readonly onOpen: (id: string) => void
  readonly onSelect: (id: string, withShift: boolean) => void
  readonly onClear: () => void
}

/** j and k move, Enter opens, x selects, / goes to the query, Escape clears the selection. Not while somebody types. */
export function useRunKeys({ ids, current, queryRef, onMove, onOpen, onSelect, onClear }: RunKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
      if (target?.closest('[role="dialog"], [role="menu"], select, textarea, input:not([type="checkbox"]), [contenteditable="true"]')) return
      const at = ids.indexOf(current)
      const move = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
      const next = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + move))]
      if (event.key === '/') queryRef.current?.focus()
      else if (move !== 0 && next !== undefined) onMove(next)
      else if ((event.key === 'x' || event.key === 'X') && at >= 0) onSelect(current, event.shiftKey)
      else if (event.key === 'Escape') onClear()
      else if (event.key === 'Enter' && at >= 0 && target?.closest('a, button, input') === null) onOpen(current)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [ids, current, queryRef, onMove, onOpen, onSelect, onClear])
}
