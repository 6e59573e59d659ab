import type { Queryable } from '../queryable.ts'
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row.ts'

/**
 * Pauses a schedule, or resumes it from `nextAt` on (RFC 3339): what passed in between is not made up for. Undefined if there is
 * no such schedule.
 */
export async function pauseSchedule(
  db: Queryable,
  { projectId, name, ...change }: { projectId: string; name: string; paused: boolean; nextAt: string | null },
): Promise<ScheduleRow | undefined> {
  const { rows } = await db.query<ScheduleRow>({
    name: 'pause-schedule',
    text: `UPDATE schedules s SET paused = $3, next_at = $4, updated_at = now() WHERE s.project_id = $1 AND s.name = $2
      RETURNING ${SCHEDULE_COLUMNS}`,
    values: [projectId, name, change.paused, change.nextAt],
  })
  return rows[0]
}
