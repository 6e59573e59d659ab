'use client'
import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** A choice of the reader that this browser keeps; every place that shows it follows. */
export function useStored(name: string, initial: string): [string, (value: string) => void] {
  const key = `cairn.${name}`
  const value = useSyncExternalStore(
    subscribe,
    () => read(key) ?? initial,
    () => initial,
  )
  const set = useCallback(
    (next: string) => {
      try {
        localStorage.setItem(key, next)
      } catch {
        memory.set(key, next)
      }
      for (const listener of listeners) listener()
    },
    [key],
  )
  return [value, set]
}

/** For browsers that keep nothing. */
const memory = new Map<string, string>()

function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null
  } catch {
    return memory.get(key) ?? null
  }
}
