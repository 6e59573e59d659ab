'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs'
import { Tabs } from 'radix-ui'
import { useMemo } from 'react'
import { useTRPC } from '@/lib/trpc'
import { Empty, Failure, Loading } from '@/ui/states'
import { RunDetails } from './run-details'
import { RunHeader } from './run-header'
import { SpanPanel } from './span-panel'
import { StepsTable } from './steps-table'
import { Waterfall } from './waterfall'

const LIVE = new Set(['queued', 'running', 'waiting'])
const LIVE_MS = 600
/** Somebody else may press Resume. */
const STILL_MS = 2_500

const VIEWS = ['waterfall', 'steps', 'details'] as const
const TAB =
  'border-b-2 border-transparent px-1 py-2 text-muted data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-fg'

export function RunPage({ id }: { id: string }) {
  const trpc = useTRPC()
  const [view, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('waterfall'))
  const [selected, setSelected] = useQueryState('span', parseAsString)
  const run = useQuery({
    ...trpc.runs.get.queryOptions({ id }),
    refetchInterval: ({ state }) => (LIVE.has(state.data?.status ?? '') ? LIVE_MS : STILL_MS),
  })
  const isLive = LIVE.has(run.data?.status ?? '')
  const every = isLive ? LIVE_MS : STILL_MS
  const steps = useQuery({ ...trpc.runs.steps.queryOptions({ id }), refetchInterval: every })
  const trace = useQuery({
    ...trpc.traces.summary.queryOptions({ traceId: (run.data?.traceId ?? '') as never }),
    enabled: run.data !== undefined,
    refetchInterval: every,
  })
  const checkpoints = useMemo(
    () => new Set(steps.data?.flatMap((step) => (step.status === 'succeeded' && step.spanId !== null ? [step.spanId] : []))),
    [steps.data],
  )
  if (run.error !== null && run.data === undefined) return <Failure error={run.error} />
  if (run.data === undefined) return <Loading what="the run" />
  const spans = trace.data?.spans ?? []
  const open = trace.data?.open ?? []
  const isEmpty = spans.length + open.length === 0
  return (
    <div className="flex h-full flex-col">
      <RunHeader run={run.data} />
      <Tabs.Root
        value={view}
        onValueChange={(value) => void setView(value as (typeof VIEWS)[number])}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List aria-label="Views of the run" className="flex gap-5 border-b px-5">
          <Tabs.Trigger value="waterfall" className={TAB}>
            Waterfall
          </Tabs.Trigger>
          <Tabs.Trigger value="steps" className={TAB}>
            Steps {steps.data !== undefined && steps.data.length > 0 && steps.data.length}
          </Tabs.Trigger>
          <Tabs.Trigger value="details" className={TAB}>
            Details
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="waterfall" className="flex min-h-0 flex-1 flex-col lg:flex-row">
          {trace.error !== null && <Failure error={trace.error} />}
          {isEmpty && trace.error === null && (
            <Empty title={isLive ? 'Waiting for the first span' : 'This run has no spans'}>
              {isLive && run.data.status === 'queued' && `No worker has taken the run yet. One that serves ${run.data.agent} will.`}
            </Empty>
          )}
          {!isEmpty && (
            <Waterfall
              spans={spans}
              open={open}
              checkpoints={checkpoints}
              selected={selected}
              onSelect={(spanId) => void setSelected(spanId)}
              executions={run.data.executions}
            />
          )}
          {selected !== null && !isEmpty && (
            <SpanPanel
              traceId={run.data.traceId}
              spanId={selected}
              goesOn={open.some((span) => span.spanId === selected)}
              onClose={() => void setSelected(null)}
            />
          )}
        </Tabs.Content>
        <Tabs.Content value="steps" className="min-h-0 flex-1 overflow-auto">
          {steps.data !== undefined && (
            <StepsTable
              steps={steps.data}
              onShowSpan={(spanId) => {
                void setSelected(spanId)
                void setView('waterfall')
              }}
            />
          )}
        </Tabs.Content>
        <Tabs.Content value="details" className="min-h-0 flex-1 overflow-auto">
          <RunDetails run={run.data} />
        </Tabs.Content>
      </Tabs.Root>
    </div>
  )
}
