import type { Span } from '@opentelemetry/api'
import { CairnError } from '../errors.ts'
import { ATTR } from '../otel/attributes.ts'
import { LIMITS } from '../protocol/limits.ts'
import { Cached, type CacheFor } from '../protocol/step-cache.ts'
import { decodeValue } from '../protocol/values.ts'
import { durationToMs } from './duration.ts'
import type { ExecutionEnv } from './execution-env.ts'
import type { StepResult } from './step-attempts.ts'
import type { StepOptions } from './step-options.ts'

/** A cache must not hold a step up for longer than it may save. */
const ANSWER_MS = 2_000

/** How a step's output is kept for other runs. @throws {CairnError} `invalid_step`, naming the limit */
export function toCacheFor(stepKey: string, { cache, effect }: StepOptions): CacheFor | undefined {
  if (cache === undefined) return undefined
  const refuse = (what: string): never => {
    throw new CairnError('invalid_step', `Step "${stepKey}": ${what}.`)
  }
  if (effect === 'once') refuse('an effect can’t come from a cache; leave out cache or effect')
  if (cache.key === '' || cache.key.length > LIMITS.cacheKeyChars) refuse(`cache.key must have 1 to ${LIMITS.cacheKeyChars} characters`)
  const ttlMs = durationToMs(cache.ttl)
  if (!(ttlMs >= 1 && ttlMs <= LIMITS.cacheTtlMs)) refuse(`cache.ttl must be at most ${LIMITS.cacheTtlMs / 86_400_000} days`)
  return { key: cache.key, ttlMs }
}

/** What another run has made under this key. Whatever goes wrong is a miss: the step can do it itself. */
export async function findCached(env: ExecutionEnv, key: string, span: Span): Promise<StepResult | undefined> {
  try {
    const { body } = await env.runtime.http.request({
      method: 'POST',
      path: '/api/v1/step-cache/find',
      json: { key },
      retryForMs: 0,
      timeoutMs: ANSWER_MS,
      signal: env.stop.signal,
    })
    if (body === null) return undefined
    const { output, runId, tokens, usd } = Cached.parse(body)
    span.setAttributes({ [ATTR.cacheHit]: true, [ATTR.cacheRunId]: runId, [ATTR.cacheSavedTokens]: tokens, [ATTR.cacheSavedUsd]: usd })
    return { value: decodeValue(output), json: JSON.stringify(output), childRunId: undefined }
  } catch {
    env.stop.check()
    return undefined
  }
}
