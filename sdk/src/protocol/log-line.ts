import { z } from 'zod'
import { SpanId, Timestamp } from './ids.ts'

/** What agent code wrote by `run.log`. It comes with the span that it was written in, when that ends. */
export const LogLine = z.object({
  at: Timestamp,
  execution: z.number().int().nonnegative(),
  /** `info`, `warn` and the like. */
  level: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
  spanId: SpanId,
})
export type LogLine = z.infer<typeof LogLine>

/** The oldest lines of a run. */
export const LogLines = z.object({
  items: z.array(LogLine),
  /** There are more. */
  truncated: z.boolean(),
})
export type LogLines = z.infer<typeof LogLines>
