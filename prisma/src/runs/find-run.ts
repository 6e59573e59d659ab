import type { Queryable } from '../queryable.ts'
import { type RunRow, runColumns } from './run-row.ts'

/** One run of a project; undefined if there is none of this id in it. */
export async function findRun(db: Queryable, projectId: string, id: string): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRow>({
    name: 'find-run',
    text: `SELECT ${runColumns('r')} FROM runs r WHERE r.project_id = $1 AND r.id = $2`,
    values: [projectId, id],
  })
  return rows[0]
}

/** The run that was made with this idempotency key. */
export async function findRunByKey(db: Queryable, projectId: string, idempotencyKey: string): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRow>({
    name: 'find-run-by-key',
    text: `SELECT ${runColumns('r')} FROM runs r WHERE r.project_id = $1 AND r.idempotency_key = $2`,
    values: [projectId, idempotencyKey],
  })
  return rows[0]
}
