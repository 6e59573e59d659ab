'use client'
import { useSyncExternalStore } from 'react'
import { isTimeZone, setTimeZone } from './format'

export interface Preferences {
  /** IANA name; `null`: the browser's own. */
  readonly timeZone: string | null
  /** Whether single keys do something (WCAG 2.1.4: a person who dictates must be able to switch them off). */
  readonly shortcuts: boolean
}

const DEFAULTS: Preferences = { timeZone: null, shortcuts: true }
const KEY = 'cairn-preferences'
const listeners = new Set<() => void>()

function read(): Preferences {
  try {
    // By hand: a schema's parser would be a tenth of every page's code.
    const { timeZone, shortcuts } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Preferences, unknown>>
    return {
      timeZone: typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : DEFAULTS.timeZone,
      shortcuts: typeof shortcuts === 'boolean' ? shortcuts : DEFAULTS.shortcuts,
    }
  } catch {
    return DEFAULTS
  }
}

let current: Preferences = typeof window === 'undefined' ? DEFAULTS : read()
setTimeZone(current.timeZone)

function apply(next: Preferences): void {
  current = next
  setTimeZone(next.timeZone)
  for (const listener of listeners) listener()
}

/** Kept in this browser; other tabs follow. */
export function setPreferences(changed: Partial<Preferences>): void {
  apply({ ...current, ...changed })
  try {
    localStorage.setItem(KEY, JSON.stringify(current))
  } catch {
    // Storage that is full or forbidden: the choice holds until the page is left.
  }
}

function subscribe(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => event.key === KEY && apply(read())
  listeners.add(listener)
  window.addEventListener('storage', onStorage)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', onStorage)
  }
}

export const getPreferences = () => current
export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, getPreferences, () => DEFAULTS)

/**
 * The zone that times are shown in. A component that calls `formatTime` or `formatParts` calls this too: another zone then renders it again,
 * and all that the reader has begun on the page stays.
 */
export const useTimeZone = (): string | null => usePreferences().timeZone
