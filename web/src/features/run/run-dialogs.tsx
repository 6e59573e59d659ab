'use client'
import type { Run } from '@cairn/sdk/protocol'
import { CancelDialog } from './cancel-dialog'
import { ForkDialog } from './fork-dialog'
import { PromoteDialog } from './promote-dialog'
import { ResumeDialog } from './resume-dialog'
import type { RunDialog } from './use-run-dialog'

interface RunDialogsProps {
  readonly run: Run
  /** The one that is open. */
  readonly shown: RunDialog | null
  readonly onOpenChange: (open: boolean) => void
  readonly onForked: (href: string) => void
}

/** What asks before something is done with a run: apart, since a page is mostly opened to be read. */
export function RunDialogs({ run, shown, onOpenChange, onForked }: RunDialogsProps) {
  return (
    <>
      <ResumeDialog run={run} open={shown === 'resume'} onOpenChange={onOpenChange} />
      <ForkDialog run={run} open={shown === 'fork'} onOpenChange={onOpenChange} onForked={onForked} />
      <PromoteDialog run={run} open={shown === 'promote'} onOpenChange={onOpenChange} />
      <CancelDialog run={run} open={shown === 'cancel'} onOpenChange={onOpenChange} />
    </>
  )
}
