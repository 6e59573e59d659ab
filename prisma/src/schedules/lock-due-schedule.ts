import type { Queryable } from '../queryable.ts'
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row.ts'

export interface DueSchedule extends ScheduleRow {
  readonly nextAt: string
  /** Postgres' clock, or the time asked about. */
  readonly now: string
}

/** Locks a schedule whose time has come, for the transaction; undefined if there is none that no other collector has locked. */
export async function lockDueSchedule(db: Queryable, at: string | null): Promise<DueSchedule | undefined> {
  const { rows } = await db.query<DueSchedule>({
    name: 'lock-due-schedule',
    text: `SELECT ${SCHEDULE_COLUMNS}, coalesce($1::timestamptz, now()) AS now FROM schedules s
      WHERE s.next_at <= coalesce($1::timestamptz, now()) AND NOT s.paused ORDER BY s.next_at LIMIT 1
      FOR UPDATE SKIP LOCKED`,
    values: [at],
  })
  return rows[0]
}
