import { z } from 'zod'
import { Timestamp } from './ids.ts'
import { Name } from './run.ts'

/** US dollars, as a number or as decimal text: text keeps all its places. */
const Usd = z
  .union([z.number(), z.string().regex(/^\d{1,9}(\.\d{1,12})?$/, 'must be a decimal number such as 2.50')])
  .transform(String)
  .refine((text) => Number(text) >= 0 && Number(text) <= 1_000_000, 'must be between 0 and 1,000,000 US dollars')

/** A project's own price: US dollars a million tokens, by part of usage; `requests` is dollars a thousand. */
export const PriceParts = z
  .strictObject({
    input: Usd,
    output: Usd,
    cacheRead: Usd,
    cacheWrite: Usd,
    cacheWrite1h: Usd,
    reasoning: Usd,
    audioInput: Usd,
    audioOutput: Usd,
    images: Usd,
    requests: Usd,
  })
  .partial()
  .refine((parts) => Object.keys(parts).length > 0, 'must have a price for at least one part of usage')
export type PriceParts = z.infer<typeof PriceParts>

export const PutPrice = z.object({
  /** As spans name it (`openai`, `anthropic`); left out: of any provider. */
  provider: Name.or(z.literal('')).default(''),
  model: Name,
  prices: PriceParts,
  /** From when on calls cost this. Default: always, also for calls in the past, once they are priced again. */
  validFrom: Timestamp.default('1970-01-01T00:00:00.000Z'),
})
export type PutPrice = z.infer<typeof PutPrice>

export const Price = z.object({
  id: z.uuid(),
  /** Empty: of any provider. */
  provider: z.string(),
  model: z.string(),
  prices: z.record(z.string(), z.string()),
  validFrom: Timestamp,
})
export type Price = z.infer<typeof Price>

/** A model whose calls have no price. */
export const UnpricedModel = z.object({
  provider: z.string(),
  model: z.string(),
  calls: z.number(),
  tokens: z.number(),
  /** Begin of the hour of its last such call. */
  lastSeen: Timestamp,
})
export type UnpricedModel = z.infer<typeof UnpricedModel>

export const ListUnpriced = z.object({
  /** Default: 30 days before `to`. */
  from: Timestamp.optional(),
  /** Default: now. */
  to: Timestamp.optional(),
})

/** Prices calls again, with the prices of the moment at which this is asked. */
export const StartRepricing = z.object({
  /** Only calls that start in this time: `from` inclusive, `to` exclusive. Default: the last 90 days. */
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  /** Only calls of this model, as requested or as answered. */
  model: Name.optional(),
  provider: Name.optional(),
})
export type StartRepricing = z.infer<typeof StartRepricing>

export const Repricing = z.object({
  id: z.uuid(),
  status: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  from: Timestamp,
  to: Timestamp,
  model: z.string().nullable(),
  provider: z.string().nullable(),
  /** Spans to look at, counted at the start. */
  total: z.number(),
  /** Spans looked at. */
  done: z.number(),
  /** Of these, spans that cost something else now. */
  changed: z.number(),
  /** US dollars by which the sums of calls changed, as a decimal string; may be negative. */
  costDelta: z.string(),
  error: z.string().nullable(),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
})
export type Repricing = z.infer<typeof Repricing>
