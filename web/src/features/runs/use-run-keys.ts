'use client'
import type { RefObject } from 'react'
import { useShortcuts } from '@/features/shell/commands'

interface RunKeys {
  readonly ids: readonly string[]
  readonly current: string
  readonly queryRef: RefObject<HTMLInputElement | null>
  readonly onMove: (id: string) => void
  readonly onOpen: (id: string) => void
  readonly onSelect: (id: string, withShift: boolean) => void
  readonly onClear: () => void
}

/** Moving about in the list, and selecting. */
export function useRunKeys({ ids, current, queryRef, onMove, onOpen, onSelect, onClear }: RunKeys): void {
  const at = ids.indexOf(current)
  const step = (by: number) => {
    const next = ids[at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by))]
    if (next !== undefined) onMove(next)
  }
  const onCurrent = (act: (id: string) => void) => () => {
    if (at >= 0) act(current)
  }
  useShortcuts('Runs', [
    { what: 'Query', keys: '/', run: () => queryRef.current?.focus() },
    { what: 'Next run', keys: 'j', run: () => step(1) },
    { what: 'Previous run', keys: 'k', run: () => step(-1) },
    { what: 'Open the run', keys: 'Enter', run: onCurrent(onOpen) },
    { what: 'Select the run', keys: 'x', run: onCurrent((id) => onSelect(id, false)) },
    { what: 'Select from the last selected one to here', keys: 'X', run: onCurrent((id) => onSelect(id, true)) },
    { what: 'Clear the selection', keys: 'Escape', run: onClear },
  ])
}
