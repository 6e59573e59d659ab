import { formatMs, formatTime } from '@/lib/format'
import { cn } from '@/ui/cn'
import type { TimeScale } from './time-scale'
import type { Row } from './waterfall-model'
import { NAME_WIDTH, ROW_PX } from './waterfall-row'

interface CrashGapsProps {
  readonly rows: readonly Row[]
  readonly scale: TimeScale
  readonly executions: readonly { number: number; outcome: string | null; startedAt: string; endedAt: string | null }[]
}

/** A gap that begins after this share of the axis has its text before it. */
const ROOM_BEFORE = 0.4

/** The time in which nobody worked on the run, between one execution and the next. */
export function CrashGaps({ rows, scale, executions }: CrashGapsProps) {
  const gaps = executions.flatMap((execution, i) => {
    const next = executions[i + 1]
    return next === undefined || execution.endedAt === null ? [] : [{ execution, endedAt: execution.endedAt, next }]
  })
  return gaps.map(({ execution, endedAt, next }) => {
    const x0 = scale.at(Date.parse(endedAt))
    const x1 = scale.at(Date.parse(next.startedAt))
    const length = formatMs(Date.parse(next.startedAt) - Date.parse(endedAt))
    const waited = execution.outcome === 'waiting'
    const text = waited
      ? `waited ${length}, without a process`
      : `${execution.outcome ?? 'ended'} ${formatTime(endedAt)}, resumed ${length} later`
    // Beside the bar of the next execution, where its row is empty.
    const row = Math.max(
      0,
      rows.findIndex((candidate) => candidate.execution === next.number),
    )
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
          style={{ top: row * ROW_PX + 4, ...(x0 > ROOM_BEFORE ? { right: `calc(${(1 - x0) * 100}% + 4px)` } : { left: `${x1 * 100}%` }) }}
        >
          {text}
        </span>
      </div>
    )
  })
}
