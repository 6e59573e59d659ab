'use client'
import type { Run } from '@cairn/sdk/protocol'
import { VisibleText } from '@/ui/visible-text'

/** A worker that is well obeys within a moment. */
const ASKED = {
  pause: 'A pause is asked for: its worker has not stopped what runs now yet.',
  cancel: 'A cancel is asked for: its worker has not stopped what runs now yet.',
}

const DONE: Partial<Record<Run['status'], string>> = {
  queued: 'Put into the queue',
  running: 'Resumed',
  waiting: 'Resumed',
  paused: 'Paused',
  cancelled: 'Cancelled',
}

/** Who gave the run its status, and why, where its error doesn't say so already. */
export function StatusReason({ run }: { run: Run }) {
  const actor = run.statusActor === 'collector' ? null : run.statusActor
  const reason = run.error?.message === run.statusReason ? null : run.statusReason
  const done = actor === null && reason === null ? undefined : DONE[run.status]
  if (done === undefined && run.control === null) return null
  return (
    <p role="status" className="mt-2 text-muted [overflow-wrap:anywhere]">
      {run.control !== null && ASKED[run.control]}
      {run.control !== null && done !== undefined && ' '}
      {done !== undefined && <VisibleText text={sentence(run.control === null ? done : 'Asked for', actor, reason)} />}
    </p>
  )
}

const sentence = (done: string, actor: string | null, reason: string | null) =>
  `${done}${actor === null ? '' : ` by ${actor}`}${reason === null ? '.' : `: ${reason}`}`
