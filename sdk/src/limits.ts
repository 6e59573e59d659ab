import type { z } from 'zod'
import type { AgentLimits } from './agent-definition.ts'
import type { AgentOptions } from './cairn.ts'
import { CairnError } from './errors.ts'
import { ConcurrencyLimit, RateLimit } from './protocol/run.ts'
import { durationToMs } from './runtime/duration.ts'

/** @throws {CairnError} `invalid_config`, naming the agent and the field */
export function toLimits(agent: string, { concurrency, rateLimit }: Pick<AgentOptions, 'concurrency' | 'rateLimit'>): AgentLimits {
  const rate = rateLimit && { limit: rateLimit.limit, periodMs: durationToMs(rateLimit.period) }
  return {
    concurrency: concurrency && check(agent, 'concurrency', ConcurrencyLimit, concurrency),
    concurrencyKey: concurrency?.key,
    rateLimit: rate && check(agent, 'rateLimit', RateLimit, rate),
    rateLimitKey: rateLimit?.key,
  }
}

function check<T extends z.ZodType>(agent: string, option: string, schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${option}.${issue.path.join('.')}: ${issue.message}`)
  throw new CairnError('invalid_config', `Agent "${agent}": ${problems.join('; ')}.`)
}
