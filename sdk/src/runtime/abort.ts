import { setTimeout as delay } from 'node:timers/promises'

/** Waits, and throws the signal's reason as soon as it fires. With `ref: false` the process may end meanwhile. */
export async function sleepMs(ms: number, signal?: AbortSignal, { ref = true }: { ref?: boolean } = {}): Promise<void> {
  signal?.throwIfAborted()
  // Node's timers hold at most 2^31-1 ms: longer waits go in stretches.
  for (let left = ms; left > 0; left -= MAX_TIMER_MS) {
    try {
      await delay(Math.min(left, MAX_TIMER_MS), undefined, { ref, ...(signal ? { signal } : {}) })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }
}

const MAX_TIMER_MS = 2_147_483_647

/** The promise's outcome, or the signal's reason if that comes first. What the promise does later is ignored. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => {})
    return Promise.reject(signal.reason)
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
