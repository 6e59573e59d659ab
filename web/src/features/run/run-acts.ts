import { RESUMABLE_STATUSES, type Run } from '@cairn/sdk/protocol'

const CANCELLABLE: readonly Run['status'][] = ['queued', 'running', 'waiting', 'paused', 'crashed']

export const isResumable = (run: Run) => (RESUMABLE_STATUSES as readonly string[]).includes(run.status)
export const isCancellable = (run: Run) => CANCELLABLE.includes(run.status)
