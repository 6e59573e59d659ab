import { RESUMABLE_STATUSES, type Run } from '@cairn/sdk/protocol'

const CANCELLABLE: readonly Run['status'][] = ['queued', 'running', 'waiting', 'paused', 'crashed']

export const isResumable = (run: Run) => (RESUMABLE_STATUSES as readonly string[]).includes(run.status)
export const isCancellable = (run: Run) => CANCELLABLE.includes(run.status)

/** Milliseconds of its executions, without the time between one and the next; of one that goes on, until now. */
export const workedMs = ({ executions }: Pick<Run, 'executions'>, nowMs = Date.now()): number =>
  executions.reduce(
    (sum, { startedAt, endedAt }) => sum + Math.max(0, (endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt)),
    0,
  )
