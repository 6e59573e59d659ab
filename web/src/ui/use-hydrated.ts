'use client'
import { useSyncExternalStore } from 'react'

const subscribe = () => () => undefined

/** Whether this is the reader's browser for good: the server, and the first look at what it made, know neither their zone nor clock. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  )
