import { z } from 'zod'
import { EncodedValue } from '../protocol/encoded-value.ts'
import { decodeValue } from '../protocol/values.ts'
import { sleepMs } from './abort.ts'
import { storeCheckpoint } from './checkpoint.ts'
import { toStop } from './checkpoint-writer.ts'
import { durationToMs } from './duration.ts'
import type { ExecutionEnv } from './execution-env.ts'
import type { SignalOptions } from './run.ts'
import type { StepContext } from './step-options.ts'

/** Even without word from the collector the signal is asked for this often. */
const ASK_AGAIN_MS = 5_000
const Taken = z.object({ payload: EncodedValue })

/** Waits until the collector has a signal for this step; undefined after the timeout, which counts over all executions. */
export async function awaitSignal(env: ExecutionEnv, name: string, step: StepContext, options: SignalOptions): Promise<unknown> {
  const since = env.replay.waitingSince(step.key)
  const startedAt = since ?? new Date().toISOString()
  const deadline = options.timeout === undefined ? Number.POSITIVE_INFINITY : Date.parse(startedAt) + durationToMs(options.timeout)
  const first = await takeSignal(env, name, step)
  if (first !== undefined) return decodeValue(first.payload)
  // Stored, so that the collector knows which signals wake the run, and the next execution since when it waits.
  if (since === undefined)
    await storeCheckpoint(env, { key: step.key, name: `signal/${name}`, kind: 'signal', status: 'started', attempt: 1, startedAt })
  const woken = env.idle?.wait(deadline)
  let wake = (): void => {}
  const off = env.session.onSignal(env.claimed.id, () => wake())
  try {
    for (;;) {
      const news = new AbortController()
      wake = () => news.abort()
      const taken = await takeSignal(env, name, step)
      if (taken !== undefined) return decodeValue(taken.payload)
      const leftMs = deadline - Date.now()
      if (leftMs <= 0) return undefined
      await sleepMs(Math.min(leftMs, ASK_AGAIN_MS), AbortSignal.any([news.signal, step.signal])).catch(() => {})
      step.signal.throwIfAborted()
    }
  } finally {
    off()
    woken?.()
  }
}

async function takeSignal(env: ExecutionEnv, name: string, step: StepContext): Promise<z.infer<typeof Taken> | undefined> {
  try {
    const { body } = await env.runtime.http.request({
      method: 'POST',
      path: `/api/v1/runs/${env.claimed.id}/signals/${encodeURIComponent(name)}/take`,
      json: { execution: env.claimed.execution, stepKey: step.key },
      retryForMs: env.runtime.config.checkpointTimeoutMs,
      signal: step.signal,
    })
    return body === null ? undefined : Taken.parse(body)
  } catch (error) {
    throw toStop(env.stop, error)
  }
}
