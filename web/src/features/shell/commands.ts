'use client'
import type { LucideIcon } from 'lucide-react'
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Bound } from './keys-model'

/** Something that can be done where the reader is: by its keys, from the palette, and listed on the sheet of shortcuts. */
export interface PageCommand extends Bound {
  /** What it does: "Resume the run". */
  readonly what: string
  readonly icon?: LucideIcon
  /** More words to find it by. */
  readonly words?: string
  /** Another line of the sheet says it too. */
  readonly isUnlisted?: boolean
  /** Left out: the element that has the focus does it itself, and the sheet only says so. */
  readonly run?: () => void
}

export interface Registered extends PageCommand {
  /** Heading on the sheet: "Run", "Waterfall". */
  readonly where: string
  readonly inPalette: boolean
}

const sources = new Set<() => readonly Registered[]>()

/** All of what is on the screen, in the order it came. */
export const registeredCommands = (): readonly Registered[] => [...sources].flatMap((source) => source())

const listeners = new Set<() => void>()
let version = 0
const tell = () => {
  version += 1
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** The same, and again when a part of the page has come or gone: a page may still load when the reader asks what it can do. */
export function useRegisteredCommands(): readonly Registered[] {
  const now = useSyncExternalStore(
    subscribe,
    () => version,
    () => 0,
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is registered is read again with each version
  return useMemo(registeredCommands, [now])
}

function useRegistered(where: string, commands: readonly PageCommand[], inPalette: boolean): void {
  const latest = useRef<readonly Registered[]>([])
  useEffect(() => {
    latest.current = commands.map((command) => ({ ...command, where, inPalette }))
  })
  useEffect(() => {
    const source = () => latest.current
    sources.add(source)
    tell()
    return () => {
      sources.delete(source)
      tell()
    }
  }, [])
  const offered = commands.map(({ what, keys }) => `${what} ${keys}`).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: what can be done has changed, as with a run that ended
  useEffect(tell, [offered])
}

/** What this page can do, offered in the palette; by keys too where it names some. It goes with the component. */
export const useActions = (where: string, commands: readonly PageCommand[]): void => useRegistered(where, commands, true)

/** Keys of this page that make no sense in the palette: moving about, zooming. */
export const useShortcuts = (where: string, commands: readonly PageCommand[]): void => useRegistered(where, commands, false)
