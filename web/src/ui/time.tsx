'use client'
import { durationMs, formatAgo, formatMs, formatTime, formatUtc } from '../lib/format'
import { useTimeZone } from '../lib/preferences'
import { useHydrated } from './use-hydrated'

/** Takes the place of what only the reader's browser can say. */
const UNSAID = '\u00a0'

interface TimeProps {
  readonly value: string | null
  /** How long ago instead of when. */
  readonly ago?: boolean
  readonly className?: string
}

/** A time in the reader's zone; its tooltip is exact, in UTC. */
export function Time({ value, ago = false, className }: TimeProps) {
  const isHydrated = useHydrated()
  useTimeZone()
  if (value === null) return <span className={className}>–</span>
  return (
    <time dateTime={value} title={ago && isHydrated ? `${formatTime(value)}\n${formatUtc(value)}` : formatUtc(value)} className={className}>
      {!isHydrated ? UNSAID : ago ? formatAgo(value) : formatTime(value)}
    </time>
  )
}

/** How long something took, or has taken until now. */
export function Duration({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  const isHydrated = useHydrated()
  return from !== null && to === null && !isHydrated ? UNSAID : formatMs(durationMs(from, to))
}
