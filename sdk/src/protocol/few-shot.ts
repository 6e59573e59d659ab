import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { RunId, Timestamp } from './ids.ts'
import { Name } from './run.ts'

export const FewShotExample = z.object({
  id: z.string(),
  input: EncodedValue,
  output: EncodedValue,
  messages: z.array(z.object({ role: z.string(), content: EncodedValue })),
  /** How well it matched `q`, 0 to 1; null without `q`. */
  score: z.number().nullable(),
  runId: RunId.nullable(),
  tags: z.array(z.string()),
  note: z.string().nullable(),
  createdAt: Timestamp,
})
export type FewShotExample = z.infer<typeof FewShotExample>

export const FewShotSet = z.object({ set: z.string(), version: z.number().int().nonnegative(), examples: z.array(FewShotExample) })
export type FewShotSet = z.infer<typeof FewShotSet>

export const FewShotQuery = z.object({
  version: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** Best examples for this text first. */
  q: z.string().max(10_000).optional(),
})

export const AddExample = z.union([
  z.object({
    runId: RunId,
    note: z.string().max(2_000).optional(),
    actor: z.string().max(200).optional(),
    tags: z.array(Name).max(50).optional(),
  }),
  z.object({
    input: EncodedValue,
    output: EncodedValue,
    messages: z
      .array(z.object({ role: z.string(), content: EncodedValue }))
      .max(1_000)
      .optional(),
    note: z.string().max(2_000).optional(),
    actor: z.string().max(200).optional(),
    tags: z.array(Name).max(50).optional(),
  }),
])
export type AddExample = z.infer<typeof AddExample>

export const FewShotExport = z.object({
  format: z.enum(['openai', 'anthropic', 'jsonl', 'csv']).default('jsonl'),
  version: z.coerce.number().int().positive().optional(),
})
