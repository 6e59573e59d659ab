import { z } from 'zod'

/** A place in an answer where something was left out: `at` is a JSON pointer into the span. */
export const Cut = z.object({
  at: z.string(),
  /** `text`: characters of a text; `items`: elements of a list, or fields of an object. */
  kind: z.enum(['text', 'items']),
  shown: z.number().int().nonnegative(),
  of: z.number().int().nonnegative(),
})
export type Cut = z.infer<typeof Cut>

/** With `maxChars` a span's large parts come cut, each to about so many characters, and `cuts` says where. */
export const ReadSpan = z.object({ maxChars: z.coerce.number().int().min(1_000).max(10_000_000).optional() })
export type ReadSpan = z.infer<typeof ReadSpan>

export const ReadSpanPart = z.object({
  /** JSON pointer into the span, as in `cuts`. */
  at: z.string().min(1).max(100_000).startsWith('/'),
  offset: z.coerce.number().int().nonnegative().default(0),
  /** Characters, about. */
  chars: z.coerce.number().int().min(1_000).max(1_000_000).default(100_000),
})
export type ReadSpanPart = z.infer<typeof ReadSpanPart>

const piece = {
  at: z.string(),
  offset: z.number().int().nonnegative(),
  of: z.number().int().nonnegative(),
  /** Where the rest begins; null: this was the last of it. */
  next: z.number().int().positive().nullable(),
}

/** A piece of one value of a span. */
export const SpanPart = z.discriminatedUnion('kind', [
  z.object({ ...piece, kind: z.literal('text'), text: z.string() }),
  z.object({ ...piece, kind: z.literal('items'), entries: z.array(z.tuple([z.string(), z.unknown()])), cuts: z.array(Cut) }),
])
export type SpanPart = z.infer<typeof SpanPart>
