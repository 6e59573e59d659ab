'use client'
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo, useRef } from 'react'
import { formatExact, formatTimeMs } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { useTRPC } from '@/lib/trpc'
import { cn } from '@/ui/cn'
import { JsonView } from '@/ui/json-view'
import { Empty, Failure, Loading } from '@/ui/states'
import { StatusBadge } from '@/ui/status-badge'
import { VisibleText } from '@/ui/visible-text'
import { toShown } from './content-model'
import { type LogEntry, withLines } from './log-model'
import { MOST_EVENTS, useEvents } from './use-events'

/** They come with spans that end. */
const LINES_EVERY_MS = 3_000
const TYPES = ['status', 'step', 'emit', 'signal', 'log'] as const
const LABELS = { status: 'Changes of status', step: 'Steps', emit: 'Emitted items', signal: 'Signals', log: 'Lines of run.log' } as const

/** Everything that happened to the run, in order, as it happens. */
export function LogView({ runId, isLive }: { runId: string; isLive: boolean }) {
  useTimeZone()
  const [type, setType] = useQueryState('type', parseAsStringLiteral(TYPES))
  const { events, error, isFull } = useEvents(runId, isLive)
  const trpc = useTRPC()
  const log = useQuery({ ...trpc.views.log.queryOptions({ id: runId }), refetchInterval: isLive ? LINES_EVERY_MS : false })
  const shown = useMemo(
    () => withLines(events ?? [], log.data?.items ?? []).filter((entry) => type === null || entry.type === type),
    [events, log.data, type],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => 32, overscan: 15 })
  if (events === null) return error === null ? <Loading what="the log" /> : <Failure error={error} />
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-3 border-b px-5 py-1.5">
        <select
          aria-label="Type of event"
          className="h-7 rounded-md border bg-panel px-2"
          value={type ?? ''}
          onChange={(event) => void setType(TYPES.find((name) => name === event.target.value) ?? null)}
        >
          <option value="">All events</option>
          {TYPES.map((name) => (
            <option key={name} value={name}>
              {LABELS[name]}
            </option>
          ))}
        </select>
        <span className="tabular text-muted">
          {shown.length} {shown.length === 1 ? 'event' : 'events'}
        </span>
        {isFull && <span className="text-warn">The first {formatExact(MOST_EVENTS)} are shown; `cairn tail --all` has all.</span>}
        {log.data?.truncated && (
          <span className="text-warn">Of run.log the first {formatExact(log.data.items.length)} lines are shown.</span>
        )}
        {log.error !== null && <span className="text-bad">Lines of run.log are missing: {log.error.message}</span>}
        {error !== null && <span className="text-bad">{error.message}</span>}
      </div>
      {shown.length === 0 && <Empty title="No such event">Events come when the run starts, a step ends, it emits, or gets a signal.</Empty>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys */}
      <section ref={scroller} aria-label="Log" tabIndex={0} className="min-h-0 flex-1 overflow-auto">
        <ol className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((row) => {
            const event = shown[row.index]
            return (
              event !== undefined && (
                <li
                  key={row.key}
                  ref={virtual.measureElement}
                  data-index={row.index}
                  className="absolute inset-x-0 top-0 flex flex-wrap items-baseline gap-x-4 border-b px-5 py-1.5"
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <time className="tabular w-36 shrink-0 text-muted" dateTime={event.at} title={event.at}>
                    {formatTimeMs(event.at)}
                  </time>
                  <span className="w-24 shrink-0 text-muted">execution {event.execution}</span>
                  <EventText event={event} />
                </li>
              )
            )
          })}
        </ol>
      </section>
    </div>
  )
}

const LEVELS: Readonly<Record<string, string>> = { debug: 'text-muted', info: 'text-info', warn: 'text-warn', error: 'text-bad' }

function EventText({ event }: { event: LogEntry }) {
  if (event.type === 'log')
    return (
      <span className="flex min-w-0 flex-1 flex-wrap gap-x-2">
        <span className={cn('shrink-0', LEVELS[event.level])}>
          <VisibleText text={event.level.slice(0, 20)} />
        </span>
        <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">
          <VisibleText text={event.message.slice(0, 10_000)} />
        </span>
        {Object.keys(event.fields).length > 0 && (
          <span className="min-w-0 flex-1">
            <JsonView value={event.fields} depth={0} />
          </span>
        )}
      </span>
    )
  if (event.type === 'status')
    return (
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <StatusBadge status={event.status} />
        {event.actor !== null && <VisibleText text={` by ${event.actor.slice(0, 200)}`} />}
        {event.reason !== null && <VisibleText text={`: ${event.reason.slice(0, 2_000)}`} />}
        {event.error !== null && (
          <span className="text-bad">
            {' '}
            <VisibleText text={`${event.error.type}: ${event.error.message.slice(0, 2_000)}`} />
          </span>
        )}
      </span>
    )
  if (event.type === 'step')
    return (
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {event.kind} <VisibleText text={event.key} /> <StatusBadge status={event.status} />
      </span>
    )
  if (event.type === 'signal')
    return (
      <span className="min-w-0">
        signal <VisibleText text={event.name} />
      </span>
    )
  return (
    <span className="flex min-w-0 flex-1 gap-2">
      emitted <VisibleText text={event.name} />
      <span className="min-w-0 flex-1">
        <JsonView value={toShown(event.data)} depth={2} />
      </span>
    </span>
  )
}
