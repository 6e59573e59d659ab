import type { Queryable } from '../queryable.ts'

/** False if there was none. Its runs stay. */
export async function deleteSchedule(db: Queryable, projectId: string, name: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'delete-schedule',
    text: 'DELETE FROM schedules WHERE project_id = $1 AND name = $2',
    values: [projectId, name],
  })
  return rowCount === 1
}
