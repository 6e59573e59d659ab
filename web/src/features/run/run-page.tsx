'use client'
import type { Run } from '@cairn/sdk/protocol'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { parseAsBoolean, parseAsStringLiteral, useQueryState } from 'nuqs'
import { Tabs } from 'radix-ui'
import { useMemo } from 'react'
import { PageHeader } from '@/features/shell/page-header'
import { TRACE_VIEWS, TracePane, type TraceViewName } from '@/features/trace/trace-pane'
import { useTrace } from '@/features/trace/use-trace'
import { useTraceAddress } from '@/features/trace/use-trace-address'
import { useTRPC } from '@/lib/trpc'
import { useReadAgain } from '@/lib/use-read-again'
import { Link } from '@/ui/link'
import { Code, Empty, Failure, Loading } from '@/ui/states'
import { TAB } from '@/ui/tab'
import { RunHeader } from './run-header'
import { RUN_VIEWS, RunView, type RunViewName } from './run-views'

const loading = () => <Loading what="the view" />
const RunDetails = dynamic(() => import('./run-details').then((module) => module.RunDetails), { loading })
const StepsTable = dynamic(() => import('./steps-table').then((module) => module.StepsTable), { loading })

const LIVE = new Set(['queued', 'running', 'waiting'])
const LIVE_MS = 600
/** Somebody else may press Resume. */
const STILL_MS = 2_500

const LABELS = { ...TRACE_VIEWS, steps: 'Steps', ...RUN_VIEWS, details: 'Details' } as const
const VIEWS = [
  'waterfall',
  'transcript',
  'steps',
  'state',
  'artifacts',
  'flame',
  'graph',
  'statistics',
  'log',
  'details',
  'raw',
] as const satisfies (keyof typeof LABELS)[]

/** What steps cost comes later than they do, with their spans. */
const stepsVersion = ({ status, execution, steps, failedStep, usage, cost }: Run): string =>
  JSON.stringify([status, execution, steps.done, failedStep, usage.total, cost.total])

/** `initial`: the run as the server had it when it made the page, so that nothing waits for a second answer. */
export function RunPage({ id, initial }: { id: string; initial?: Run | undefined }) {
  const trpc = useTRPC()
  const [view, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('waterfall').withOptions({ history: 'push' }))
  const [, setAddress] = useTraceAddress()
  const run = useQuery({
    ...trpc.runs.get.queryOptions({ id }, initial === undefined ? {} : { initialData: initial }),
    refetchInterval: ({ state }) => (LIVE.has(state.data?.status ?? '') ? LIVE_MS : STILL_MS),
  })
  const isLive = LIVE.has(run.data?.status ?? '')
  const steps = useQuery({
    ...trpc.runs.steps.queryOptions({ id }, { staleTime: 0 }),
    refetchInterval: ({ state }) => (state.status === 'error' ? STILL_MS : false),
  })
  // Steps come with all their outputs: read again only when the run says that there is something new.
  useReadAgain(run.data && stepsVersion(run.data), steps)
  const [whole, setWhole] = useQueryState('whole', parseAsBoolean.withDefault(false))
  const isCalled = run.data !== undefined && run.data.parentRunId !== null
  const trace = useTrace(run.data?.traceId ?? null, isLive ? LIVE_MS : STILL_MS, isCalled && !whole ? id : null)
  const checkpoints = useMemo(
    () => new Set(steps.data?.flatMap((step) => (step.status === 'succeeded' && step.spanId !== null ? [BigInt(`0x${step.spanId}`)] : []))),
    [steps.data],
  )
  const showSpan = (spanId: string) => {
    void setAddress({ span: spanId })
    void setView('waterfall')
  }
  if (run.error !== null && run.data === undefined)
    return run.error.data?.code === 'NOT_FOUND' ? <NoRun id={id} /> : <Failure error={run.error} />
  if (run.data === undefined) return <Loading what="the run" />
  return (
    <div className="flex h-full flex-col">
      <RunHeader run={run.data} />
      <Tabs.Root
        value={view}
        onValueChange={(value) => void setView(value as (typeof VIEWS)[number])}
        className="flex min-h-[70vh] flex-1 flex-col md:min-h-0"
      >
        <Tabs.List aria-label="Views of the run" className="flex shrink-0 gap-5 overflow-x-auto whitespace-nowrap border-b px-5">
          {VIEWS.map((name) => (
            <Tabs.Trigger key={name} value={name} className={TAB}>
              {LABELS[name]} {name === 'steps' && steps.data !== undefined && steps.data.length > 0 && steps.data.length}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {view in TRACE_VIEWS && (
          <Tabs.Content value={view} className="flex min-h-0 flex-1 flex-col">
            {isCalled && (
              <label className="flex min-h-7 items-center gap-2 border-b px-5 text-muted text-xs">
                <input type="checkbox" checked={whole} onChange={(event) => void setWhole(event.target.checked || null)} />
                The whole trace, with the run that called this one
              </label>
            )}
            <TracePane
              traceId={run.data.traceId}
              view={view as TraceViewName}
              trace={trace}
              checkpoints={checkpoints}
              executions={run.data.executions}
              onShowWaterfall={() => void setView('waterfall')}
              empty={
                <Empty title={isLive ? 'Waiting for the first span' : 'This run has no spans'}>
                  {isLive && run.data.status === 'queued' && `No worker has taken the run yet. One that serves ${run.data.agent} will.`}
                </Empty>
              }
            />
          </Tabs.Content>
        )}
        {view in RUN_VIEWS && (
          <Tabs.Content value={view} className="flex min-h-0 flex-1 flex-col overflow-auto">
            <RunView view={view as RunViewName} run={run.data} steps={steps.data ?? []} isLive={isLive} onShowSpan={showSpan} />
          </Tabs.Content>
        )}
        <Tabs.Content value="steps" className="min-h-0 flex-1 overflow-auto">
          {steps.data === undefined ? (
            steps.error === null ? (
              <Loading what="the steps" />
            ) : (
              <Failure error={steps.error} />
            )
          ) : (
            <StepsTable steps={steps.data} execution={run.data.execution} onShowSpan={showSpan} />
          )}
        </Tabs.Content>
        <Tabs.Content value="details" className="min-h-0 flex-1 overflow-auto">
          <RunDetails run={run.data} />
        </Tabs.Content>
      </Tabs.Root>
    </div>
  )
}

function NoRun({ id }: { id: string }) {
  return (
    <>
      <PageHeader title="Run" />
      <Empty title="There is no such run in this project">
        <p>
          <Code>{id}</Code> may be older than the project keeps runs, or of another project.{' '}
          <Link href="/runs" className="text-accent underline">
            All runs
          </Link>
        </p>
      </Empty>
    </>
  )
}
