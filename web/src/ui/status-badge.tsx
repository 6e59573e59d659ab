import { cn } from './cn'

const STYLES: Readonly<Record<string, string>> = {
  succeeded: 'text-good',
  ok: 'text-good',
  running: 'text-info',
  queued: 'text-info',
  waiting: 'text-info',
  paused: 'text-warn',
  started: 'text-info',
  unknown: 'text-warn',
  cancelled: 'text-muted',
  failed: 'text-bad',
  error: 'text-bad',
  crashed: 'text-bad',
  interrupted: 'text-bad',
}

/** A status in words, with a dot: crashed is hollow, since nobody said what happened. */
export function StatusBadge({ status, className }: { status: string; className?: string }) {
  return (
    <span className={cn('inline-flex items-center gap-1.5 whitespace-nowrap font-medium', STYLES[status] ?? 'text-muted', className)}>
      <span
        aria-hidden
        className={cn(
          'size-2 rounded-full border-[1.5px] border-current',
          status !== 'crashed' && status !== 'interrupted' && 'bg-current',
          status === 'running' && 'motion-safe:animate-pulse',
        )}
      />
      {status}
    </span>
  )
}
