import { RunStoppedError } from '../errors.ts'
import { type Duration, durationToMs } from './duration.ts'

/** How a step is tried again. Attempts of one execution; a resume begins anew. */
export interface RetryOptions {
  /** Attempts in all, the first included. Default: 1. */
  attempts?: number
  /** Wait before the second attempt; doubles with each. Default: 200 ms. */
  backoff?: Duration
  /** Longest wait between attempts. Default: 30 s. */
  maxBackoff?: Duration
  /** Whether this error may pass by trying again. Default: every error. */
  retryOn?: (error: unknown, attempt: number) => boolean
}

export interface RetryPolicy {
  readonly attempts: number
  readonly backoffMs: number
  readonly maxBackoffMs: number
  readonly retryOn: (error: unknown, attempt: number) => boolean
}

export function toRetryPolicy(options: RetryOptions | undefined): RetryPolicy {
  return {
    attempts: Math.max(1, Math.floor(options?.attempts ?? 1)),
    backoffMs: durationToMs(options?.backoff ?? 200),
    maxBackoffMs: durationToMs(options?.maxBackoff ?? 30_000),
    retryOn: options?.retryOn ?? (() => true),
  }
}

export function mayRetry(policy: RetryPolicy, error: unknown, attempt: number): boolean {
  return attempt < policy.attempts && !(error instanceof RunStoppedError) && policy.retryOn(error, attempt)
}

/** Half fixed, half random: peers that failed together don't come back together. */
export function backoffDelayMs(policy: Pick<RetryPolicy, 'backoffMs' | 'maxBackoffMs'>, attempt: number, random = Math.random): number {
  const full = Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** Math.min(attempt - 1, 30))
  return full / 2 + (full / 2) * random()
}
