import type { Run, Step } from '@cairn/sdk/protocol'
import dynamic from 'next/dynamic'
import { Loading } from '@/ui/states'

/** Ways to look at a run beside its spans, by their name in the address. */
export const RUN_VIEWS = { transcript: 'Transcript', state: 'State', artifacts: 'Artifacts', log: 'Log', raw: 'Raw' } as const
export type RunViewName = keyof typeof RUN_VIEWS

const loading = () => <Loading what="the view" />
const TranscriptView = dynamic(() => import('./transcript-view').then((module) => module.TranscriptView), { loading })
const StateView = dynamic(() => import('./state-view').then((module) => module.StateView), { loading })
const ArtifactsView = dynamic(() => import('./artifacts-view').then((module) => module.ArtifactsView), { loading })
const LogView = dynamic(() => import('./log-view').then((module) => module.LogView), { loading })
const RawView = dynamic(() => import('./raw-view').then((module) => module.RawView), { loading })

interface RunViewProps {
  readonly view: RunViewName
  readonly run: Run
  readonly steps: readonly Step[]
  readonly isLive: boolean
  readonly onShowSpan: (spanId: string) => void
}

export function RunView({ view, run, steps, isLive, onShowSpan }: RunViewProps) {
  if (view === 'transcript') return <TranscriptView traceId={run.traceId} isLive={isLive} onShowSpan={onShowSpan} />
  if (view === 'state') return <StateView runId={run.id} steps={steps} />
  if (view === 'artifacts') return <ArtifactsView runId={run.id} />
  if (view === 'log') return <LogView runId={run.id} isLive={isLive} />
  return <RawView run={run} steps={steps} />
}
