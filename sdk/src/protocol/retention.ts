import { z } from 'zod'

const Days = z.number().int().min(1).max(3_650)

/** How long a project's runs are kept after their end, in days. Runs that wait, are paused or go on are kept. */
export const Retention = z.object({ succeededDays: Days, otherDays: Days })
export type Retention = z.infer<typeof Retention>
