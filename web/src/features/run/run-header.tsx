'use client'
import { RESUMABLE_STATUSES, type Run } from '@cairn/sdk/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { GraduationCap, Play, Square } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { toast } from 'sonner'
import { CompareMenu } from '@/features/compare/compare-menu'
import { durationMs, formatCount, formatMs, formatTime, formatUsd } from '@/lib/format'
import { useTRPC } from '@/lib/trpc'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { StatusBadge } from '@/ui/status-badge'
import { PromoteDialog } from './promote-dialog'
import { ResumeDialog } from './resume-dialog'
import { stepText } from './step-text'

const CANCELLABLE = ['queued', 'running', 'waiting', 'paused', 'crashed']

export function RunHeader({ run }: { run: Run }) {
  const [dialog, setDialog] = useState<'resume' | 'promote' | 'cancel' | null>(null)
  const close = (open: boolean) => setDialog(open ? dialog : null)
  const canResume = (RESUMABLE_STATUSES as readonly string[]).includes(run.status)
  return (
    <header className="border-b px-5 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="flex min-w-0 flex-wrap items-baseline gap-x-2 font-semibold text-base">
          {run.agent}
          {run.version !== null && <span className="font-normal text-muted">v{run.version}</span>}
          <span className="font-mono font-normal text-2xs text-muted">{run.id}</span>
        </h1>
        <StatusBadge status={run.status} className="text-[15px]" />
        <div className="ml-auto flex gap-2">
          <CompareMenu run={run} />
          {run.status === 'succeeded' && (
            <Button onClick={() => setDialog('promote')}>
              <GraduationCap size={14} aria-hidden /> Promote
            </Button>
          )}
          {CANCELLABLE.includes(run.status) && (
            <Button variant="danger" onClick={() => setDialog('cancel')}>
              <Square size={12} aria-hidden /> Cancel
            </Button>
          )}
          {canResume && run.parentRunId === null && (
            <Button variant="primary" onClick={() => setDialog('resume')}>
              <Play size={13} aria-hidden /> Resume
            </Button>
          )}
        </div>
      </div>
      {run.error !== null && (
        <p className="mt-2 line-clamp-3 rounded-md border border-bad/40 bg-bad/5 px-3 py-1.5 [overflow-wrap:anywhere]">
          <span className="font-medium text-bad">{run.error.type}</span>
          {run.failedStep !== null && <span className="text-muted"> in {run.failedStep}</span>}: {run.error.message}
        </p>
      )}
      <dl className="tabular mt-3 flex flex-wrap gap-x-6 gap-y-2">
        <Fact label="Progress">{stepText(run)}</Fact>
        <Fact label="Duration">{formatMs(durationMs(run.startedAt, run.endedAt))}</Fact>
        <Fact label="Executions">{run.execution}</Fact>
        <Fact label="Tokens">{formatCount(run.usage.total)}</Fact>
        <Fact label="Cost">{formatUsd(run.cost.total)}</Fact>
        {run.saved !== '0' && (
          <Fact label="Saved by resume">
            <span className="text-good">{formatUsd(run.saved)}</span>
          </Fact>
        )}
        {run.lost !== '0' && (
          <Fact label="Lost">
            <span className="text-bad">{formatUsd(run.lost)}</span>
          </Fact>
        )}
        <Fact label="Started">{formatTime(run.startedAt ?? run.createdAt)}</Fact>
        {run.sessionId !== null && (
          <Fact label="Session">
            <Link href={`/runs?sessionId=${encodeURIComponent(run.sessionId)}`} className="hover:underline">
              {run.sessionId}
            </Link>
          </Fact>
        )}
        {run.userId !== null && (
          <Fact label="User">
            <Link href={`/runs?userId=${encodeURIComponent(run.userId)}`} className="hover:underline">
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
      <ResumeDialog run={run} open={dialog === 'resume'} onOpenChange={close} />
      <PromoteDialog run={run} open={dialog === 'promote'} onOpenChange={close} />
      <CancelDialog run={run} open={dialog === 'cancel'} onOpenChange={close} />
    </header>
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt className="text-2xs text-muted">{label}</dt>
    <dd className="font-medium">{children}</dd>
  </div>
)

function CancelDialog({ run, open, onOpenChange }: { run: Run; open: boolean; onOpenChange: (open: boolean) => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const cancel = useMutation(
    trpc.runs.cancel.mutationOptions({
      onSuccess: () => onOpenChange(false),
      onError: (error) => toast.error(error.message),
      onSettled: () => client.invalidateQueries(),
    }),
  )
  return (
    <Dialog
      title="Cancel run"
      description="A model call in flight is aborted. A cancelled run can be resumed later."
      open={open}
      onOpenChange={onOpenChange}
    >
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Let it run</Button>
        <Button variant="danger" disabled={cancel.isPending} onClick={() => cancel.mutate({ id: run.id })}>
          Cancel run
        </Button>
      </div>
    </Dialog>
  )
}
