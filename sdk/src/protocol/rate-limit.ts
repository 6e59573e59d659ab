import { z } from 'zod'
import { RateLimit } from './run.ts'

/** Takes a token of a bucket that all workers share. Another limit or period under the same key is another bucket. */
export const TakeToken = RateLimit.extend({
  /** Take nothing if the wait would be longer, in milliseconds. Default: wait however long. */
  maxWaitMs: z.number().min(0).optional(),
})
export type TakeToken = z.infer<typeof TakeToken>

export const TakenToken = z.object({
  /** False: nothing was taken, because the wait would be longer than `maxWaitMs`. */
  taken: z.boolean(),
  /** How long to wait before the token may be used, in milliseconds. */
  waitMs: z.number().nonnegative(),
})
export type TakenToken = z.infer<typeof TakenToken>
