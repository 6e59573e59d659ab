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

/** A gap that begins after this share of the axis has its text before it. */
const ROOM_BEFORE = 0.4

interface Gap {
  readonly execution: ShownExecution
  readonly endedAt: string
  readonly next: ShownExecution
  readonly waited: boolean
  readonly text: string
}

function gapsOf(executions: readonly ShownExecution[]): Gap[] {
  return executions.flatMap((execution, i) => {
    const { endedAt, outcome } = execution
    const next = executions[i + 1]
    if (next === undefined || endedAt === null) return []
    const length = formatMs(Date.parse(next.startedAt) - Date.parse(endedAt))
    const waited = outcome === 'waiting'
    const text = waited ? `waited ${length}, without a process` : `${outcome ?? 'ended'} ${formatTime(endedAt)}, resumed ${length} later`
    return [{ execution, endedAt, next, waited, text }]
  })
}

/** Of the text that describes the lines to who doesn't see the gaps. */
export const EXECUTIONS_ID = 'trace-executions'
const MOST_TOLD = 20

/** The executions and the time between them, in words. */
export function ExecutionsNote({ executions }: { executions: readonly ShownExecution[] }) {
  useTimeZone()
  if (executions.length === 0) return null
  const gaps = new Map(gapsOf(executions).map(({ execution, text }) => [execution.number, text]))
  return (
    <ul id={EXECUTIONS_ID} aria-label="Executions" className="sr-only">
      {executions.slice(0, MOST_TOLD).map(({ number, outcome, startedAt, endedAt }) => (
        <li key={number}>
          Execution {number}: began {formatTime(startedAt)}, {gaps.get(number) ?? endText(outcome, endedAt)}.
        </li>
      ))}
      {executions.length > MOST_TOLD && <li>{executions.length - MOST_TOLD} more executions.</li>}
    </ul>
  )
}

const endText = (outcome: string | null, endedAt: string | null) =>
  endedAt === null ? 'goes on' : `${outcome ?? 'ended'} ${formatTime(endedAt)}`

interface GapsProps {
  readonly axis: TimeAxis
  /** Milliseconds since 1970 at which the axis counts 0. */
  readonly originMs: number
  readonly executions: readonly ShownExecution[]
}

/** Gaps that the axis shows a part of, and where. */
function placedGaps({ axis, originMs, executions }: GapsProps) {
  const place = (rfc3339: string) => Math.min(1, Math.max(0, axis.at((Date.parse(rfc3339) - originMs) * 1e6)))
  return gapsOf(executions)
    .map((gap) => ({ ...gap, x0: place(gap.endedAt), x1: place(gap.next.startedAt) }))
    .filter(({ x0, x1 }) => x0 < 1 && x1 > 0)
}

const gapLook = (waited: boolean) => (waited ? 'border-line' : 'gap-hatched border-bad/50')
const gapPlace = (x0: number, x1: number) => ({ left: `${x0 * 100}%`, width: `${Math.max(0.4, (x1 - x0) * 100)}%` })

interface CrashGapsProps extends GapsProps {
  /** Index among the shown rows of the first span of an execution. */
  readonly rowOf: (execution: number) => number
}

/** The time in which nobody worked on the run, between one execution and the next. Only drawn: `ExecutionsNote` says it. */
export function CrashGaps({ rowOf, ...props }: CrashGapsProps) {
  useTimeZone()
  return placedGaps(props).map(({ execution, next, waited, text, x0, x1 }) => (
    <div
      key={execution.number}
      aria-hidden
      data-testid="crash-gap"
      className="pointer-events-none absolute inset-y-0 right-3"
      style={{ left: NAME_WIDTH }}
    >
      <div className={cn('absolute inset-y-0 border-x border-dashed', gapLook(waited))} style={gapPlace(x0, x1)} />
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
  ))
}

/** The same on the minimap. */
export const MinimapGaps = (props: GapsProps) =>
  placedGaps(props).map(({ execution, waited, x0, x1 }) => (
    <div
      key={execution.number}
      aria-hidden
      data-testid="minimap-gap"
      className={cn('absolute inset-y-0 border-x', gapLook(waited))}
      style={gapPlace(x0, x1)}
    />
  ))
