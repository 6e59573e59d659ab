import { z } from 'zod'
import { Timestamp } from './ids.ts'

const Days = z.number().int().min(1).max(3_650)

/** How long a project's runs are kept after their end, in days. Runs that wait, are paused or go on are kept. */
export const Retention = z.object({ succeededDays: Days, otherDays: Days })
export type Retention = z.infer<typeof Retention>

/** As a query says it, to look before one sets it. */
export const AskRetention = z.object({ succeededDays: z.coerce.number().pipe(Days), otherDays: z.coerce.number().pipe(Days) })

/** What a retention would delete of what there is now: runs that no other run called, and traces, which go a week at once. */
export const RetentionPreview = z.object({
  runs: z.object({ succeeded: z.number().int(), other: z.number().int(), oldest: Timestamp.nullable() }),
  traces: z.object({ traces: z.number().int(), spans: z.number().int(), before: Timestamp }),
})
export type RetentionPreview = z.infer<typeof RetentionPreview>
