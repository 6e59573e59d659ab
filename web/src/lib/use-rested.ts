import { useEffect, useState } from 'react'

/** A value once it has not changed for a while, in milliseconds; nothing at once. */
export function useRested<T>(value: T | null, restMs: number): T | null {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    if (value === null) return setRested(null)
    const timer = setTimeout(() => setRested(value), restMs)
    return () => clearTimeout(timer)
  }, [value, restMs])
  return value === null ? null : rested
}
