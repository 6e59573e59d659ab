import type { Queryable } from '../queryable.ts'
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row.ts'

export type NewSchedule = Omit<ScheduleRow, 'paused' | 'lastAt' | 'lastRunId' | 'createdAt' | 'updatedAt'>

// Workers say their schedules at each start: the next time stays unless the times change, else what was missed would be
// forgotten; and a pause stays.
const SQL = `
INSERT INTO schedules AS s (project_id, name, agent, version, cron, timezone, input, priority, concurrency_key, rate_limit_key, catch_up, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (project_id, name) DO UPDATE SET agent = excluded.agent, version = excluded.version, cron = excluded.cron,
  timezone = excluded.timezone, input = excluded.input, priority = excluded.priority, concurrency_key = excluded.concurrency_key,
  rate_limit_key = excluded.rate_limit_key, catch_up = excluded.catch_up, updated_at = now(),
  next_at = CASE WHEN s.cron = excluded.cron AND s.timezone = excluded.timezone THEN coalesce(s.next_at, excluded.next_at)
    ELSE excluded.next_at END
RETURNING ${SCHEDULE_COLUMNS}, s.xmax = 0 AS created`

/** Stores a schedule under its name, new or over the one there was. */
export async function putSchedule(db: Queryable, schedule: NewSchedule): Promise<ScheduleRow & { readonly created: boolean }> {
  const { rows } = await db.query<ScheduleRow & { created: boolean }>({
    name: 'put-schedule',
    text: SQL,
    values: [
      schedule.projectId,
      schedule.name,
      schedule.agent,
      schedule.version,
      schedule.cron,
      schedule.timezone,
      schedule.input,
      schedule.priority,
      schedule.concurrencyKey,
      schedule.rateLimitKey,
      schedule.catchUp,
      schedule.nextAt,
    ],
  })
  const [row] = rows
  if (row === undefined) throw new Error('Postgres returned no row of an upsert')
  return row
}
