import type { Span } from '@opentelemetry/api'
import { CairnError } from '../errors.ts'
import { ATTR } from '../otel/attributes.ts'
import { TakenToken, type TakeToken } from '../protocol/rate-limit.ts'
import { sleepMs } from './abort.ts'
import { toStop } from './checkpoint-writer.ts'
import { durationToMs } from './duration.ts'
import type { ExecutionEnv } from './execution-env.ts'
import type { StepOptions } from './step-options.ts'

/**
 * Waits until the step's rate limit lets this attempt go on.
 * @throws {CairnError} `rate_limited` if that is later than the step's timeout: nothing was taken then
 */
export async function waitForToken(
  env: ExecutionEnv,
  { rateLimit, timeout }: StepOptions,
  step: { key: string; span: Span; signal: AbortSignal },
): Promise<void> {
  if (rateLimit === undefined) return
  const ask: TakeToken = {
    limit: rateLimit.limit,
    periodMs: durationToMs(rateLimit.period),
    ...(timeout === undefined ? {} : { maxWaitMs: durationToMs(timeout) }),
  }
  const { taken, waitMs } = await take(env, rateLimit.key, ask, step.signal)
  step.span.setAttribute(ATTR.rateLimitWaitMs, waitMs)
  if (!taken)
    throw new CairnError(
      'rate_limited',
      `Step "${step.key}" would wait ${Math.ceil(waitMs)} ms for rate limit "${rateLimit.key}" (${rateLimit.limit} in ${ask.periodMs} ms), longer than its timeout of ${ask.maxWaitMs} ms.`,
    )
  await sleepMs(waitMs, step.signal)
}

async function take(env: ExecutionEnv, key: string, json: TakeToken, signal: AbortSignal): Promise<TakenToken> {
  const path = `/api/v1/rate-limits/${encodeURIComponent(key)}/take`
  try {
    const { body } = await env.runtime.http.request({
      method: 'POST',
      path,
      json,
      signal,
      retryForMs: env.runtime.config.checkpointTimeoutMs,
    })
    return TakenToken.parse(body)
  } catch (error) {
    throw toStop(env.stop, error)
  }
}
