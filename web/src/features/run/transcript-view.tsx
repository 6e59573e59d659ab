'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { parseAsString, useQueryState } from 'nuqs'
import { useMemo, useRef } from 'react'
import { useServerFind } from '@/features/trace/use-find'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { toJsonText } from '@/ui/json-text'
import { Empty, Failure, Loading } from '@/ui/states'
import { ProseToggle } from './content-view'
import { TranscriptLine } from './transcript-line'
import { findLines, toLines, toMarkdown } from './transcript-model'

interface TranscriptViewProps {
  readonly traceId: string
  readonly isLive: boolean
  readonly onShowSpan: (spanId: string) => void
}

/** So many pages are asked for again while the run goes on. */
const MOST_LIVE_PAGES = 3

/** The run as one conversation: each message once, calls of tools with their results, sub-agents further in, crashes between. */
export function TranscriptView({ traceId, isLive, onShowSpan }: TranscriptViewProps) {
  const trpc = useTRPC()
  const [text, setText] = useQueryState('find', parseAsString.withDefault('').withOptions({ throttleMs: 300 }))
  const pages = useInfiniteQuery({
    ...trpc.views.transcript.infiniteQueryOptions({ traceId: traceId as never }, { getNextPageParam: (page) => page.nextCursor }),
    refetchInterval: ({ state }) => (isLive && (state.data?.pages.length ?? 0) <= MOST_LIVE_PAGES ? 2_000 : false),
  })
  const items = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  const lines = useMemo(() => toLines(items), [items])
  const { ids, isSearching, error } = useServerFind(traceId, text)
  const shown = useMemo(() => findLines(lines, text, ids ?? []), [lines, text, ids])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 90,
    overscan: 6,
    getItemKey: (i) => shown[i]?.line.key ?? i,
  })
  if (pages.isPending) return <Loading what="the transcript" />
  if (pages.error !== null && pages.data === undefined)
    return pages.error.data?.code === 'NOT_FOUND' ? (
      <Empty title="Nothing has been said yet">It fills when the first span arrives.</Empty>
    ) : (
      <Failure error={pages.error} />
    )
  if (lines.length === 0)
    return (
      <Empty title="No model, tool or agent in this run">
        Wrap calls in run.model() and run.tool(), or instrument the client: docs/quick-start.md shows how.
      </Empty>
    )
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-3 border-b px-5 py-1.5">
        <input
          type="search"
          aria-label="Find in the transcript"
          placeholder="Find in the transcript"
          value={text}
          onChange={(event) => void setText(event.target.value || null)}
          className="h-7 w-56 rounded-md border bg-panel px-2 placeholder:text-muted"
        />
        {text !== '' && (
          <span role="status" className="tabular text-muted">
            {shown.length} of {lines.length}
            {pages.hasNextPage && ' loaded'}
            {isSearching && ', searching …'}
          </span>
        )}
        {text !== '' && error !== null && <span className="text-bad">Only what is loaded was searched: {error.message}</span>}
        <span className="ml-auto" />
        <ProseToggle />
        <CopyButton label="transcript as Markdown" text={() => toMarkdown(lines)} show="Markdown" />
        <CopyButton label="transcript as JSON" text={() => toJsonText(items)} show="JSON" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys */}
      <section ref={scroller} aria-label="Transcript" className="min-h-0 flex-1 overflow-y-auto" tabIndex={0}>
        <div className="relative mx-auto max-w-4xl" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((row) => {
            const found = shown[row.index]
            return (
              found !== undefined && (
                <div
                  key={row.key}
                  ref={virtual.measureElement}
                  data-index={row.index}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <TranscriptLine line={found.line} isBeyond={found.isBeyond} traceId={traceId} onShowSpan={onShowSpan} />
                </div>
              )
            )
          })}
        </div>
        {shown.length === 0 && !isSearching && (
          <Empty title="Nothing in the transcript has this text">
            {pages.hasNextPage && `${lines.length} lines are loaded, and not all of the transcript. `}
            {error === null ? 'Long messages were searched to their end.' : 'Of long messages only what is loaded was searched.'}
          </Empty>
        )}
        {pages.hasNextPage && (
          <p className="p-4 text-center">
            <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {pages.isFetchingNextPage ? 'Loading …' : `Load more of ${pages.data.pages[0]?.total}`}
            </Button>
          </p>
        )}
      </section>
    </div>
  )
}
