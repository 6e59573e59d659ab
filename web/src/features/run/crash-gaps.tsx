import { formatMs, formatTime } from '@/lib/format'
import type { TimeScale } from './time-scale'
import { NAME_WIDTH } from './waterfall-row'

interface CrashGapsProps {
  readonly scale: TimeScale
  readonly executions: readonly { number: number; outcome: string | null; startedAt: string; endedAt: string | null }[]
}

/** The time in which nobody worked on the run, between one execution and the next. */
export function CrashGaps({ scale, executions }: CrashGapsProps) {
  const gaps = executions.flatMap((execution, i) => {
    const next = executions[i + 1]
    return next === undefined || execution.endedAt === null ? [] : [{ execution, endedAt: execution.endedAt, next }]
  })
  return gaps.map(({ execution, endedAt, next }) => {
    const x0 = scale.at(Date.parse(endedAt))
    const x1 = scale.at(Date.parse(next.startedAt))
    const text = `${execution.outcome ?? 'ended'} ${formatTime(endedAt)}, resumed ${formatMs(Date.parse(next.startedAt) - Date.parse(endedAt))} later`
    return (
      <div key={execution.number} className="pointer-events-none absolute inset-y-0 right-3" style={{ left: NAME_WIDTH }}>
        <div
          role="note"
          aria-label={text}
          className="gap-hatched absolute inset-y-0 border-bad/50 border-x border-dashed"
          style={{ left: `${x0 * 100}%`, width: `${Math.max(0.4, (x1 - x0) * 100)}%` }}
        >
          <span className="absolute top-1 left-full z-10 ml-1 whitespace-nowrap rounded bg-panel px-1.5 py-0.5 text-2xs text-bad shadow-sm">
            {text}
          </span>
        </div>
      </div>
    )
  })
}
