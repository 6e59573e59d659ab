'use client'
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { formatCount, formatMs, formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { formatCost } from '@/lib/spending'
import { useTRPC } from '@/lib/trpc'
import { cn } from '@/ui/cn'
import { Link } from '@/ui/link'
import { Empty } from '@/ui/states'
import { StatusBadge } from '@/ui/status-badge'
import { isFailed, type Turn } from './conversation-model'
import { Messages } from './messages'

const TURN_PX = 180

/** The turns in order; only those in sight are in the page, and only their texts are read. */
export function Conversation({ turns, isCut }: { turns: readonly Turn[]; isCut: boolean }) {
  const box = useRef<HTMLOListElement>(null)
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const [margin, setMargin] = useState(0)
  useEffect(() => {
    const element = box.current?.closest<HTMLElement>('.overflow-y-auto') ?? null
    setScroller(element)
    if (element !== null && box.current !== null)
      setMargin(box.current.getBoundingClientRect().top - element.getBoundingClientRect().top + element.scrollTop)
  }, [])
  const list = useVirtualizer({
    count: turns.length,
    getScrollElement: () => scroller,
    estimateSize: () => TURN_PX,
    overscan: 4,
    scrollMargin: margin,
    getItemKey: (at) => turns[at]?.trace?.traceId ?? turns[at]?.run?.runId ?? at,
  })
  if (turns.length === 0) return <Empty title="No turn yet" />
  return (
    <div className="mx-auto max-w-4xl px-5 py-4">
      {isCut && <p className="mb-3 text-warn">This session is longer: its newest turns are shown.</p>}
      <ol ref={box} aria-label="Turns" style={{ height: list.getTotalSize(), position: 'relative' }}>
        {list.getVirtualItems().map((item) => {
          const turn = turns[item.index]
          return turn === undefined ? null : (
            <li
              key={item.key}
              ref={list.measureElement}
              data-index={item.index}
              aria-setsize={turns.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 pb-4"
              style={{ top: item.start - margin }}
            >
              <TurnCard turn={turn} />
            </li>
          )
        })}
      </ol>
    </div>
  )
}

function TurnCard({ turn }: { turn: Turn }) {
  useTimeZone()
  const { trace, run } = turn
  const href = hrefOf(turn)
  const error = run?.errorType ? `${run.errorType}: ${run.errorMessage}` : trace && trace.errors > 0 ? errorOf(trace) : ''
  return (
    <article aria-label={`Turn ${turn.number}`} className={cn('rounded-lg border bg-panel', isFailed(turn) && 'border-bad/60')}>
      <header className="tabular flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2">
        <span className="text-muted">{turn.number}</span>
        <Link href={href} className="min-w-0 truncate font-medium hover:underline">
          <bdi>{run?.agent || trace?.agent || trace?.name || 'trace'}</bdi>
        </Link>
        <StatusBadge status={turn.status} />
        <span className="ml-auto text-2xs text-muted">
          {trace !== null && (
            <>
              {formatMs(Date.parse(trace.endTime) - Date.parse(trace.startTime))} · {formatCount(trace.usage.total)} tokens ·{' '}
              {formatCost(trace.cost)} ·{' '}
            </>
          )}
          <time dateTime={turn.startTime}>{formatTime(turn.startTime)}</time>
        </span>
      </header>
      <div className="px-3 py-2">
        {turn.pieces.length === 0 ? <p className="text-muted">No input or output was recorded.</p> : <TurnMessages turn={turn} />}
        {error !== '' && (
          <p className="mt-2 rounded-md bg-bad/5 px-2.5 py-1.5 text-bad [overflow-wrap:anywhere]">{error.slice(0, 2_000)}</p>
        )}
      </div>
    </article>
  )
}

function hrefOf({ trace, run }: Turn): string {
  const runId = run?.runId ?? trace?.runId ?? ''
  return runId === '' ? `/traces/${trace?.traceId ?? ''}` : `/runs/${runId}`
}

const errorOf = (trace: { errorType: string; errorMessage: string }) =>
  [trace.errorType, trace.errorMessage].filter((text) => text !== '').join(': ')

/** So many texts of a turn are read at once; the rest is at its trace. */
const MOST_PIECES = 200

function TurnMessages({ turn }: { turn: Turn }) {
  const trpc = useTRPC()
  const pieces = useMemo(() => turn.pieces.slice(0, MOST_PIECES), [turn.pieces])
  const texts = useQuery({
    ...trpc.sessions.texts.queryOptions({
      scopeIds: [...new Set(pieces.map((piece) => piece.scopeId))].slice(0, 50),
      hashes: pieces.map((piece) => piece.hash),
    }),
    // A text is named by its content: it never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (texts.error !== null) return <p className="text-bad">{texts.error.message}</p>
  if (texts.data === undefined) return <p className="text-muted">Loading messages …</p>
  return (
    <>
      <Messages pieces={pieces} texts={texts.data} hasHistory={turn.hasHistory} href={hrefOf(turn)} />
      {turn.pieces.length > MOST_PIECES && <p className="mt-2 text-muted">{turn.pieces.length - MOST_PIECES} more in its trace</p>}
    </>
  )
}
