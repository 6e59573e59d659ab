import { z } from 'zod'

const count = z.number().int().nonnegative().default(0)

/**
 * Tokens in exclusive parts: no token is in two of them, and `total` is their sum.
 * `requests` counts billed extras (web searches) and is not part of `total`.
 */
export const Usage = z.object({
  input: count,
  cacheRead: count,
  cacheWrite: count,
  cacheWrite1h: count,
  output: count,
  reasoning: count,
  audioInput: count,
  audioOutput: count,
  images: count,
  requests: count,
  total: count,
})
export type Usage = z.infer<typeof Usage>

/** US dollars as an exact decimal string: never a float. */
export const Usd = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a decimal number')
export type Usd = z.infer<typeof Usd>

/** `total` is null and `priced` false where a price is missing. Keys of `parts` are those of Usage. */
export const Cost = z.object({
  total: Usd.nullable(),
  parts: z.record(z.string(), Usd),
  priced: z.boolean(),
})
export type Cost = z.infer<typeof Cost>
