import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { RunId, Timestamp } from './ids.ts'
import { Name, RunQueueing } from './run.ts'

export const PutSchedule = RunQueueing.extend({
  agent: Name,
  /** Five fields (minute, hour, day, month, weekday), or six with seconds first; names as MON and JAN; @daily and the like. */
  cron: z.string().min(1).max(200),
  /** IANA name of the zone that the expression is read in. */
  timezone: z.string().min(1).max(100).default('UTC'),
  input: EncodedValue.optional(),
  version: Name.optional(),
  /** Whether one run makes up for the times that were missed while no collector ran. */
  catchUp: z.boolean().default(false),
})
export type PutSchedule = z.infer<typeof PutSchedule>

export const Schedule = z.object({
  name: z.string(),
  agent: z.string(),
  version: z.string().nullable(),
  cron: z.string(),
  timezone: z.string(),
  input: EncodedValue,
  priority: z.number().int(),
  concurrencyKey: z.string().nullable(),
  rateLimitKey: z.string().nullable(),
  catchUp: z.boolean(),
  paused: z.boolean(),
  /** When its next run is due; null while it is paused, or if no time is to come. */
  nextAt: Timestamp.nullable(),
  /** The last time that a run was made for, and that run. */
  lastAt: Timestamp.nullable(),
  lastRunId: RunId.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Schedule = z.infer<typeof Schedule>

/** Asks when a schedule's runs would begin. */
export const AskScheduleTimes = PutSchedule.pick({ cron: true, timezone: true }).extend({
  count: z.coerce.number().int().min(1).max(100).default(5),
})
/** The next times of a cron expression in a zone; fewer than asked for where there are no more. */
export const ScheduleTimes = z.object({ cron: z.string(), timezone: z.string(), times: z.array(Timestamp) })
export type ScheduleTimes = z.infer<typeof ScheduleTimes>
