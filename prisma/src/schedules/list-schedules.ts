import type { Queryable } from '../queryable.ts'
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row.ts'

/** The schedules of a project by name, or just the one named. */
export async function listSchedules(db: Queryable, projectId: string, name: string | null = null): Promise<ScheduleRow[]> {
  const { rows } = await db.query<ScheduleRow>({
    name: 'list-schedules',
    text: `SELECT ${SCHEDULE_COLUMNS} FROM schedules s WHERE s.project_id = $1 AND ($2::text IS NULL OR s.name = $2) ORDER BY s.name`,
    values: [projectId, name],
  })
  return rows
}
