import { z } from 'zod'
import { EncodedValue } from '../protocol/encoded-value.ts'
import { decodeValue } from '../protocol/values.ts'
import { sleepMs } from './abort.ts'
import { toStop } from './checkpoint.ts'
import { durationToMs } from './duration.ts'
import type { ExecutionEnv } from './execution-env.ts'
import type { SignalOptions } from './run.ts'
import type { StepContext } from './step-options.ts'

/** Even without word from the collector the signal is asked for this often. */
const ASK_AGAIN_MS = 5_000
const Taken = z.object({ payload: EncodedValue })

/** Waits until the collector has a signal for this step; undefined after the timeout. */
export async function awaitSignal(env: ExecutionEnv, name: string, step: StepContext, options: SignalOptions): Promise<unknown> {
  const deadline = options.timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + durationToMs(options.timeout)
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
    throw toStop(env, error)
  }
}
