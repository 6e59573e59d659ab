'use client'
import type { Run } from '@cairn/sdk/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Copy, GitFork, GraduationCap, Pause, Play, Square } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ReactNode, useRef, useState } from 'react'
import { toast } from 'sonner'
import { CompareMenu } from '@/features/compare/compare-menu'
import { useActions } from '@/features/shell/commands'
import { useRecent } from '@/features/shell/recent'
import { useTitle } from '@/features/shell/use-title'
import { formatCount, formatMs, formatUsd } from '@/lib/format'
import { formatCost } from '@/lib/spending'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Link } from '@/ui/link'
import { StatusBadge } from '@/ui/status-badge'
import { Duration, Time } from '@/ui/time'
import { useLoadedEarly } from '@/ui/use-loaded-early'
import { VisibleText } from '@/ui/visible-text'
import { isCancellable, isResumable, workedMs } from './run-model'
import { SignalForms } from './signal-form'
import { StatusReason } from './status-reason'
import { stepText } from './step-text'
import { useKeptFocus } from './use-kept-focus'
import { type RunDialog, useRunDialog } from './use-run-dialog'

const loadDialogs = () => import('./run-dialogs')
const RunDialogs = dynamic(() => loadDialogs().then((module) => module.RunDialogs), { ssr: false })

export function RunHeader({ run }: { run: Run }) {
  const { dialog, open, close, leaveTo } = useRunDialog()
  const onOpenChange = (isOpen: boolean) => void (isOpen || close())
  const box = useRef<HTMLElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useKeptFocus(box, heading)
  const pause = usePause(run)
  const acts = actsOf(run)
  // One that is open stays when the run goes on without it, and says so: what was typed into it is not for a moment's change to take.
  const [asked, setAsked] = useState<RunDialog | null>(null)
  const shown = dialog !== null && (acts[dialog] || asked === dialog) ? dialog : null
  if (shown !== asked) setAsked(shown)
  // Once one was open they stay, so that it closes in order: with the focus back where it was.
  const [hasDialogs, setHasDialogs] = useState(false)
  if (shown !== null && !hasDialogs) setHasDialogs(true)
  useLoadedEarly(loadDialogs)
  useTitle(`${run.agent} ${run.id.slice(-6)} · ${run.status}`)
  useRecent(`/runs/${run.id}`, `${run.agent} ${run.id.slice(-6)}`)
  useActions('Run', [
    ...(acts.resume ? [{ keys: 'r', what: 'Resume the run', icon: Play, run: () => open('resume') }] : []),
    ...(acts.fork ? [{ keys: 'f', what: 'Fork the run', icon: GitFork, run: () => open('fork') }] : []),
    ...(acts.pause ? [{ what: 'Pause the run', icon: Pause, run: () => pause.mutate({ id: run.id }) }] : []),
    ...(acts.cancel ? [{ what: 'Cancel the run', icon: Square, words: 'stop', run: () => open('cancel') }] : []),
    ...(acts.promote ? [{ what: 'Promote the run', icon: GraduationCap, words: 'few-shot', run: () => open('promote') }] : []),
    { what: 'Copy the run’s id', icon: Copy, run: () => void copy(run.id, 'The id') },
    { what: 'Copy the trace’s id', icon: Copy, run: () => void copy(run.traceId, 'The trace id') },
  ])
  return (
    <header ref={box} className="border-b px-5 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1
          ref={heading}
          tabIndex={-1}
          className="flex min-w-0 flex-wrap items-baseline gap-x-2 font-semibold text-base outline-none [overflow-wrap:anywhere]"
        >
          {run.agent}
          {run.version !== null && <span className="font-normal text-muted">v{run.version}</span>}
          <span className="font-mono font-normal text-2xs text-muted">{run.id}</span>
        </h1>
        <StatusBadge status={run.status} className="text-[15px]" />
        <div className="ml-auto flex flex-wrap gap-2">
          <CompareMenu run={run} />
          {acts.promote && (
            <Button onClick={() => open('promote')}>
              <GraduationCap size={14} aria-hidden /> Promote
            </Button>
          )}
          {acts.pause && (
            <Button disabled={pause.isPending} onClick={() => pause.mutate({ id: run.id })}>
              <Pause size={13} aria-hidden /> Pause
            </Button>
          )}
          {acts.cancel && (
            <Button variant="danger" onClick={() => open('cancel')}>
              <Square size={12} aria-hidden /> Cancel
            </Button>
          )}
          {acts.fork && (
            <Button onClick={() => open('fork')}>
              <GitFork size={13} aria-hidden /> Fork
            </Button>
          )}
          {acts.resume && (
            <Button variant="primary" onClick={() => open('resume')}>
              <Play size={13} aria-hidden /> Resume
            </Button>
          )}
        </div>
      </div>
      <StatusReason run={run} />
      <SignalForms run={run} />
      {run.error !== null && (
        <p className="mt-2 line-clamp-3 rounded-md border border-bad/40 bg-bad/5 px-3 py-1.5 [overflow-wrap:anywhere]">
          <span className="font-medium text-bad">
            <VisibleText text={run.error.type} />
          </span>
          {run.failedStep !== null && (
            <span className="text-muted">
              {' '}
              in <VisibleText text={run.failedStep} />
            </span>
          )}
          : <VisibleText text={run.error.message.slice(0, 2_000)} />
        </p>
      )}
      <dl className="tabular mt-3 flex flex-wrap gap-x-6 gap-y-2">
        <Fact label="Progress">{stepText(run)}</Fact>
        <Fact label="Duration">
          <Duration from={run.startedAt} to={run.endedAt} />
        </Fact>
        {run.executions.length > 1 && <Fact label="Worked on for">{formatMs(workedMs(run))}</Fact>}
        <Fact label="Executions">{run.execution}</Fact>
        <Fact label="Tokens">{formatCount(run.usage.total)}</Fact>
        <Fact label="Cost">{formatCost(run.cost)}</Fact>
        {run.saved !== '0' && (
          <Fact label="Saved by resume">
            <span className="text-good">{formatUsd(run.saved)}</span>
          </Fact>
        )}
        {(run.lost !== '0' || run.lostUnpriced) && (
          <Fact label="Lost">
            <span className="text-bad">{formatUsd(run.lostUnpriced ? null : run.lost)}</span>
          </Fact>
        )}
        <Fact label="Started">
          <Time value={run.startedAt ?? run.createdAt} />
        </Fact>
        {run.sessionId !== null && (
          <Fact label="Session">
            <Link href={`/sessions/${encodeURIComponent(run.sessionId)}`} className="text-accent hover:underline">
              {run.sessionId}
            </Link>
          </Fact>
        )}
        {run.userId !== null && (
          <Fact label="User">
            <Link href={`/users/${encodeURIComponent(run.userId)}`} className="text-accent hover:underline">
              {run.userId}
            </Link>
          </Fact>
        )}
        {run.tags.length > 0 && <Fact label="Tags">{run.tags.join(', ')}</Fact>}
        {run.parentRunId !== null && (
          <Fact label="Called by">
            <Link href={`/runs/${run.parentRunId}`} className="text-accent hover:underline">
              run {run.parentRunId.slice(-8)}
            </Link>
          </Fact>
        )}
        {run.forkedFrom !== null && (
          <Fact label="Forked from">
            <Link href={`/runs/${run.forkedFrom.runId}`} className="text-accent hover:underline">
              {run.forkedFrom.runId.slice(-8)} at {run.forkedFrom.step}
            </Link>
          </Fact>
        )}
      </dl>
      {hasDialogs && <RunDialogs run={run} shown={shown} onOpenChange={onOpenChange} onForked={leaveTo} />}
    </header>
  )
}

const PAUSABLE: readonly Run['status'][] = ['queued', 'running', 'waiting', 'crashed']

/** What can be done with a run as it is. A run that another called goes on with that one. */
const actsOf = (run: Run) => ({
  resume: isResumable(run) && run.parentRunId === null,
  fork: run.parentRunId === null && (run.steps.done > 0 || run.failedStep !== null),
  pause: PAUSABLE.includes(run.status) && run.parentRunId === null && run.control === null,
  cancel: isCancellable(run) && run.control !== 'cancel',
  promote: run.status === 'succeeded',
})

const copy = (text: string, what: string) => navigator.clipboard.writeText(text).then(() => toast.success(`${what} is copied.`))

/** Asks nothing: a paused run goes on by Resume. */
function usePause(run: Run) {
  const trpc = useTRPC()
  const client = useQueryClient()
  return useMutation(
    trpc.runs.pause.mutationOptions({
      onSuccess: () =>
        toast.success(
          run.status === 'running' ? 'It stops. Resume runs the step again that was interrupted.' : 'Paused. Resume lets it go on.',
        ),
      onError: (error) => toast.error(error.message),
      onSettled: () => client.invalidateQueries(),
    }),
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt className="text-2xs text-muted">{label}</dt>
    <dd className="font-medium">{children}</dd>
  </div>
)
