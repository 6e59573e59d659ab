'use client'
import dynamic from 'next/dynamic'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { Tabs } from 'radix-ui'
import { TRACE_VIEWS, TracePane, type TraceViewName } from '@/features/trace/trace-pane'
import { useTrace } from '@/features/trace/use-trace'
import { useTraceAddress } from '@/features/trace/use-trace-address'
import { Empty } from '@/ui/states'
import { TAB } from '@/ui/tab'
import { TraceHeader } from './trace-header'

const REFRESH_MS = 3_000
const LABELS = { ...TRACE_VIEWS, transcript: 'Transcript' } as const
const VIEWS = Object.keys(LABELS) as (keyof typeof LABELS)[]
const TranscriptView = dynamic(() => import('@/features/run/transcript-view').then((module) => module.TranscriptView))

/** A trace that belongs to no run: the same views, without Resume. */
export function TracePage({ traceId }: { traceId: string }) {
  const [view, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('waterfall').withOptions({ history: 'push' }))
  const [, setAddress] = useTraceAddress()
  const trace = useTrace(traceId, REFRESH_MS)
  return (
    <div className="flex h-full flex-col">
      <TraceHeader traceId={traceId} />
      <Tabs.Root
        value={view}
        onValueChange={(value) => void setView(value as keyof typeof LABELS)}
        className="flex min-h-[70vh] flex-1 flex-col md:min-h-0"
      >
        <Tabs.List aria-label="Views of the trace" className="flex shrink-0 gap-5 overflow-x-auto whitespace-nowrap border-b px-5">
          {VIEWS.map((name) => (
            <Tabs.Trigger key={name} value={name} className={TAB}>
              {LABELS[name]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value={view} className="flex min-h-0 flex-1 flex-col">
          {view === 'transcript' ? (
            <TranscriptView
              traceId={traceId}
              isLive={false}
              onShowSpan={(span) => {
                void setAddress({ span })
                void setView('waterfall')
              }}
            />
          ) : (
            <TracePane
              traceId={traceId}
              view={view as TraceViewName}
              trace={trace}
              onShowWaterfall={() => void setView('waterfall')}
              empty={<Empty title="There is no such trace">It may not have arrived yet.</Empty>}
            />
          )}
        </Tabs.Content>
      </Tabs.Root>
    </div>
  )
}
