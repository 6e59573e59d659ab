'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { PageHeader } from '@/features/shell/page-header'
import { useTRPC } from '@/lib/trpc'
import { useReadAgain } from '@/lib/use-read-again'
import { cn } from '@/ui/cn'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { Conversation } from './conversation'
import { toPoints, toTurns } from './conversation-model'
import { SessionFacts } from './session-facts'
import { StoredSession } from './stored-session'
import { TurnCharts } from './turn-charts'

const REFRESH_MS = 5_000
const VIEWS = ['conversation', 'stored'] as const
const NAMES = { conversation: 'Conversation', stored: 'Stored state and messages' } as const

/** A conversation over its runs and traces. */
export function SessionPage({ id }: { id: string }) {
  const trpc = useTRPC()
  const [view, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('conversation').withOptions({ history: 'push' }))
  const session = useQuery({ ...trpc.sessions.get.queryOptions({ id }), refetchInterval: REFRESH_MS })
  const turns = useQuery({
    ...trpc.sessions.turns.queryOptions({ id }, { staleTime: 0 }),
    refetchInterval: ({ state }) => (state.status === 'error' ? REFRESH_MS : false),
  })
  // All turns are large: read again only when the session's sums say that something has come.
  useReadAgain(session.data === undefined ? undefined : JSON.stringify(session.data), turns)
  const record = useQuery({ ...trpc.sessions.record.queryOptions({ id }), refetchInterval: REFRESH_MS })
  const data = turns.data
  const ordered = useMemo(() => (data === undefined ? [] : toTurns(data.turns, data.calls, data.runs)), [data])
  const points = useMemo(() => toPoints(ordered, record.data?.compactions ?? []), [ordered, record.data])
  const error = session.error ?? turns.error ?? record.error
  const isPending = turns.isPending || record.isPending
  const isUnknown = !isPending && ordered.length === 0 && !record.data
  const shown = record.data && ordered.length === 0 ? 'stored' : view
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="Session">
        <span className="min-w-0 truncate font-mono text-2xs text-muted">
          <bdi>{id}</bdi>
        </span>
      </PageHeader>
      {error !== null && <Failure error={error} />}
      {isPending && error === null && <Loading what="the session" />}
      {isUnknown && error === null && (
        <Empty title="Nothing is known of this session">
          <p>
            Its traces may be older than the project keeps them. A run belongs to a session by{' '}
            <Code>{`agent.start(input, { sessionId })`}</Code>, a span of any OpenTelemetry exporter by <Code>session.id</Code>.
          </p>
        </Empty>
      )}
      {!isPending && !isUnknown && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <SessionFacts id={id} activity={session.data ?? null} turns={ordered} record={record.data ?? null} />
          {ordered.length > 0 && <TurnCharts points={points} />}
          <div role="tablist" aria-label="Views of the session" className="flex gap-1 border-b px-5 pt-2">
            {VIEWS.map((name) => (
              <button
                key={name}
                type="button"
                role="tab"
                id={`tab-${name}`}
                aria-selected={shown === name}
                aria-controls="session-view"
                tabIndex={shown === name ? 0 : -1}
                onClick={() => void setView(name)}
                onKeyDown={(event) => {
                  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
                  const next = name === 'stored' ? 'conversation' : 'stored'
                  void setView(next)
                  document.getElementById(`tab-${next}`)?.focus()
                }}
                className={cn(
                  'rounded-t-md border border-b-0 px-3 py-1.5',
                  shown === name ? 'bg-panel font-medium' : 'border-transparent text-muted hover:text-fg',
                )}
              >
                {NAMES[name]}
              </button>
            ))}
          </div>
          <div role="tabpanel" id="session-view" aria-labelledby={`tab-${shown}`}>
            {shown === 'stored' ? (
              <StoredSession id={id} record={record.data ?? null} />
            ) : (
              <Conversation turns={ordered} isCut={(data?.turns.length ?? 0) >= (data?.most ?? Number.POSITIVE_INFINITY)} />
            )}
          </div>
        </div>
      )}
    </div>
  )
}
