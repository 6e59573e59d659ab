import { formatAgo, formatTime, formatUtc } from '@/lib/format'

interface TimeProps {
  readonly value: string | null
  /** How long ago instead of when. */
  readonly ago?: boolean
  readonly className?: string
}

/** A time in the reader's zone; its tooltip is exact, in UTC. */
export function Time({ value, ago = false, className }: TimeProps) {
  if (value === null) return <span className={className}>–</span>
  return (
    <time dateTime={value} title={ago ? `${formatTime(value)}\n${formatUtc(value)}` : formatUtc(value)} className={className}>
      {ago ? formatAgo(value) : formatTime(value)}
    </time>
  )
}
