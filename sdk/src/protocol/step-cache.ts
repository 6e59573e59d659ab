import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { RunId } from './ids.ts'
import { LIMITS } from './limits.ts'
import { Usd } from './usage.ts'

export const CacheKey = z.string().min(1).max(LIMITS.cacheKeyChars)

/** With a step's outcome: other runs of the project may use it under this key for so long. */
export const CacheFor = z.object({ key: CacheKey, ttlMs: z.number().min(1).max(LIMITS.cacheTtlMs) })
export type CacheFor = z.infer<typeof CacheFor>

export const FindCached = z.object({ key: CacheKey })
export type FindCached = z.infer<typeof FindCached>

/** An output that another run has made, and what making it had cost. */
export const Cached = z.object({
  output: EncodedValue,
  runId: RunId,
  stepKey: z.string(),
  tokens: z.number().int().nonnegative(),
  usd: Usd,
})
export type Cached = z.infer<typeof Cached>
