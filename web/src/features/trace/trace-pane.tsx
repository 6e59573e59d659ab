'use client'
import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import { Failure, Loading } from '@/ui/states'
import { useLoadedEarly } from '@/ui/use-loaded-early'
import type { ShownExecution } from './crash-gaps'
import { goesOn } from './span-facts'
import { TraceView } from './trace-view'
import type { useTrace } from './use-trace'
import { selecting, useTraceAddress } from './use-trace-address'

/** Ways to look at the spans of a trace, by their name in the address. */
export const TRACE_VIEWS = { waterfall: 'Waterfall', flame: 'Flame graph', graph: 'Graph', statistics: 'Statistics' } as const
export type TraceViewName = keyof typeof TRACE_VIEWS

const loading = () => <Loading what="the view" />
const FlameView = dynamic(() => import('./flame-view').then((module) => module.FlameView), { ssr: false, loading })
const GraphView = dynamic(() => import('./graph-view').then((module) => module.GraphView), { ssr: false, loading })
const StatisticsView = dynamic(() => import('./statistics-view').then((module) => module.StatisticsView), { ssr: false, loading })

const loadSpanPanel = () => import('@/features/run/span-panel')
const SpanPanel = dynamic(() => loadSpanPanel().then((module) => module.SpanPanel), { ssr: false })

const NO_CHECKPOINTS: ReadonlySet<bigint> = new Set()
const NO_EXECUTIONS: readonly ShownExecution[] = []

interface TracePaneProps {
  readonly traceId: string
  readonly view: TraceViewName
  readonly trace: ReturnType<typeof useTrace>
  readonly checkpoints?: ReadonlySet<bigint>
  readonly executions?: readonly ShownExecution[]
  /** Shown where no span has arrived. */
  readonly empty: ReactNode
  /** Another view is asked for: the one with the lines. */
  readonly onShowWaterfall: () => void
}

/** One of the ways to look at a trace, and beside it the span that is selected. */
export function TracePane({ traceId, view, trace, checkpoints, executions, empty, onShowWaterfall }: TracePaneProps) {
  const [{ span: selected }, setAddress] = useTraceAddress()
  useLoadedEarly(loadSpanPanel)
  const { data, analysis } = trace
  if (data === null) {
    if (trace.isMissing) return empty
    return trace.error === null ? <Loading what="the spans" /> : <Failure error={{ message: trace.error }} />
  }
  const select = (span: string | null) => void setAddress({ span }, selecting(selected, span))
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      {view === 'waterfall' && (
        <TraceView
          traceId={traceId}
          data={data}
          analysis={analysis}
          isComplete={trace.isComplete}
          checkpoints={checkpoints ?? NO_CHECKPOINTS}
          executions={executions ?? NO_EXECUTIONS}
        />
      )}
      {view === 'flame' && <FlameView data={data} selected={selected} onSelect={select} onShowWaterfall={onShowWaterfall} />}
      {view === 'graph' && <GraphView data={data} analysis={analysis} onShowSpan={select} />}
      {view === 'statistics' && (
        <div className="min-h-0 min-w-0 flex-1 overflow-auto">
          <StatisticsView
            data={data}
            analysis={analysis}
            onShowSpan={select}
            onFind={(find) => {
              void setAddress({ find })
              onShowWaterfall()
            }}
          />
        </div>
      )}
      {selected !== null && <SpanPanel traceId={traceId} spanId={selected} goesOn={goesOn(data, selected)} onClose={() => select(null)} />}
    </div>
  )
}
