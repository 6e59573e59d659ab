'use client'
import { useEffect } from 'react'

/** When a page that was opened is done with what is more urgent. */
const IDLE_MS = 1_500

/** Code that is no part of the page's own, but is there when it is asked for. `load` must be one function, not a new one with each render. */
export function useLoadedEarly(load: () => Promise<unknown>): void {
  useEffect(() => {
    // Without it, what needs it asks again, and says so.
    const timer = setTimeout(() => void load().catch(() => {}), IDLE_MS)
    return () => clearTimeout(timer)
  }, [load])
}
