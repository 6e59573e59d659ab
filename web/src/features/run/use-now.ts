import { useEffect, useState } from 'react'

const TICK_MS = 250

/** Milliseconds since 1970, kept up to date while something goes on. */
export function useNow(ticks: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!ticks) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [ticks])
  return now
}
