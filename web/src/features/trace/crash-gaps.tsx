import { formatMs, formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { cn } from '@/ui/cn'
import type { TimeAxis } from './time-axis'
import { NAME_WIDTH, ROW_PX } from './trace-row'

export interface ShownExecution {
  readonly number: number
  readonly outcome: string | null
  readonly startedAt: string
  readonly endedAt: string | null
}

interface CrashGapsProps {
  readonly axis: TimeAxis
  /** Milliseconds since 1970 at which the axis counts 0. */
  readonly originMs: number
  readonly executions: readonly ShownExecution[]
  /** Index among the shown rows of the first span of an execution. */
  readonly rowOf: (execution: number) => number
}

/** A gap that begins after this share of the axis has its text before it. */
const ROOM_BEFORE = 0.4

/** The time in which nobody worked on the run, between one execution and the next. */
export function CrashGaps({ axis, originMs, executions, rowOf }: CrashGapsProps) {
  useTimeZone()
  const gaps = executions.flatMap((execution, i) => {
    const next = executions[i + 1]
    return next === undefined || execution.endedAt === null ? [] : [{ execution, endedAt: execution.endedAt, next }]
  })
  return gaps.map(({ execution, endedAt, next }) => {
    const place = (rfc3339: string) => Math.min(1, Math.max(0, axis.at((Date.parse(rfc3339) - originMs) * 1e6)))
    const x0 = place(endedAt)
    const x1 = place(next.startedAt)
    if (x0 >= 1 || x1 <= 0) return null
    const length = formatMs(Date.parse(next.startedAt) - Date.parse(endedAt))
    const waited = execution.outcome === 'waiting'
    const text = waited
      ? `waited ${length}, without a process`
      : `${execution.outcome ?? 'ended'} ${formatTime(endedAt)}, resumed ${length} later`
    return (
      <div key={execution.number} className="pointer-events-none absolute inset-y-0 right-3" style={{ left: NAME_WIDTH }}>
        <div
          role="note"
          aria-label={text}
          className={cn('absolute inset-y-0 border-x border-dashed', waited ? 'border-line' : 'gap-hatched border-bad/50')}
          style={{ left: `${x0 * 100}%`, width: `${Math.max(0.4, (x1 - x0) * 100)}%` }}
        />
        <span
          className={cn('absolute z-10 whitespace-nowrap rounded border bg-panel px-1.5 text-2xs', waited ? 'text-muted' : 'text-bad')}
          style={{
            // Beside the bar of the next execution, where its row is empty.
            top: Math.max(0, rowOf(next.number)) * ROW_PX + 4,
            ...(x0 > ROOM_BEFORE ? { right: `calc(${(1 - x0) * 100}% + 4px)` } : { left: `${x1 * 100}%` }),
          }}
        >
          {text}
        </span>
      </div>
    )
  })
}
