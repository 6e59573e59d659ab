'use client'
import type { SessionRecord } from '@cairn/prisma'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ContentView } from '@/features/run/content-view'
import { formatCount, formatTime } from '@/lib/format'
import { useTimeZone } from '@/lib/preferences'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { Code, Empty, Failure, Loading } from '@/ui/states'

/** What the SDK's session holds: the state, the messages, and the summaries that stand for the first of them. */
export function StoredSession({ id, record }: { id: string; record: SessionRecord | null }) {
  useTimeZone()
  if (record === null)
    return (
      <Empty title="No program has stored anything under this session">
        <p>
          An agent keeps state and messages over its runs with <Code>run.session</Code>.
        </p>
      </Empty>
    )
  return (
    <div className="mx-auto grid max-w-4xl grid-cols-1 gap-6 px-5 py-4">
      <section aria-labelledby="state">
        <h2 id="state" className="mb-2 font-medium">
          State <span className="tabular font-normal text-muted">version {record.version}</span>
        </h2>
        <ContentView value={parse(record.state)} />
      </section>
      {record.compactions.length > 0 && (
        <section aria-labelledby="compactions">
          <h2 id="compactions" className="mb-2 font-medium">
            Compactions
          </h2>
          <ol className="grid gap-2">
            {record.compactions.map((compaction) => (
              <li key={compaction.throughPosition} className="rounded-md border bg-panel px-3 py-2">
                <p className="tabular text-muted">
                  Messages up to {compaction.throughPosition + 1}: {formatCount(Number(compaction.tokensBefore))} tokens became{' '}
                  {formatCount(Number(compaction.tokensAfter))} · {formatTime(compaction.createdAt)}
                  {compaction.runId !== null && (
                    <>
                      {' '}
                      ·{' '}
                      <Link href={`/runs/${compaction.runId}`} className="underline">
                        by run {compaction.runId.slice(-6)}
                      </Link>
                    </>
                  )}
                </p>
                <details className="mt-1">
                  <summary className="cursor-pointer text-muted">Summary</summary>
                  <ContentView value={[{ type: 'text', text: textOf(parse(compaction.summary)) }]} />
                </details>
              </li>
            ))}
          </ol>
        </section>
      )}
      <StoredMessages id={id} record={record} />
    </div>
  )
}

function StoredMessages({ id, record }: { id: string; record: SessionRecord }) {
  const trpc = useTRPC()
  const pages = useInfiniteQuery(trpc.sessions.messages.infiniteQueryOptions({ id }, { getNextPageParam: (page) => page.nextCursor }))
  const messages = [...(pages.data?.pages ?? [])].reverse().flatMap((page) => page.items)
  const compacted = new Set(record.compactions.map((compaction) => compaction.throughPosition))
  return (
    <section aria-labelledby="messages">
      <h2 id="messages" className="mb-2 font-medium">
        Messages <span className="tabular font-normal text-muted">{formatCount(record.messages)}</span>
      </h2>
      {pages.error !== null && <Failure error={pages.error} />}
      {pages.isPending && pages.error === null && <Loading what="messages" />}
      {pages.isSuccess && messages.length === 0 && <p className="text-muted">None yet.</p>}
      {pages.hasNextPage && (
        <Button size="small" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Earlier messages
        </Button>
      )}
      <ol className="mt-2 grid grid-cols-1 gap-2">
        {messages.map((message) => (
          <li key={message.position}>
            <ContentView value={[{ role: message.role, content: parse(message.content) }]} />
            {compacted.has(message.position) && (
              <p className="mt-2 border-warn border-t border-dashed pt-1 text-2xs text-warn">A summary stands for the messages above.</p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
