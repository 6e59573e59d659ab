import { z } from 'zod'

/* What the CLI reads of answers whose whole shape the collector's description has; further fields pass. */

const Money = z.string().nullable()
const StoredError = z.object({ type: z.string(), message: z.string() })

const Item = z.object({
  status: z.string(),
  durationMs: z.number().optional(),
  costUsd: Money.optional(),
  error: StoredError.optional(),
  spanId: z.string().optional(),
})

export const ComparedRow = z.object({
  name: z.string(),
  kind: z.string(),
  depth: z.number(),
  verdict: z.string(),
  changes: z.array(z.string()).optional(),
  speed: z.string().optional(),
  price: z.string().optional(),
  a: Item.optional(),
  b: Item.optional(),
  difference: z.object({ costUsd: Money }).optional(),
})
export type ComparedRow = z.infer<typeof ComparedRow>

const Side = z.object({
  runId: z.string().nullable(),
  name: z.string(),
  status: z.string(),
  error: StoredError.nullable(),
  durationMs: z.number().nullable(),
  tokens: z.number(),
  costUsd: Money,
})

const TOTALS = ['shared', 'same', 'changed', 'added', 'removed', 'slower', 'faster', 'dearer', 'cheaper'] as const

export const Comparison = z.object({
  a: Side,
  b: Side,
  totals: z.record(z.enum(TOTALS), z.number()),
  highlights: z.array(z.object({ kind: z.string(), text: z.string() })),
  rows: z.array(ComparedRow),
  rowsLeftOut: z.number(),
})
export type Comparison = z.infer<typeof Comparison>
