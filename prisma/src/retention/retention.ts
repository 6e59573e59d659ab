import type { Queryable } from '../queryable.ts'

export interface Retention {
  /** Days after its end that a run which succeeded is kept. */
  readonly succeededDays: number
  /** The same of one that failed, crashed or was cancelled. */
  readonly otherDays: number
}

const COLUMNS = 'keep_succeeded_days AS "succeededDays", keep_other_days AS "otherDays"'

export async function getRetention(db: Queryable, projectId: string): Promise<Retention | undefined> {
  const { rows } = await db.query<Retention>({
    name: 'get-retention',
    text: `SELECT ${COLUMNS} FROM projects WHERE id = $1`,
    values: [projectId],
  })
  return rows[0]
}

export async function setRetention(db: Queryable, projectId: string, retention: Retention): Promise<Retention | undefined> {
  const { rows } = await db.query<Retention>({
    name: 'set-retention',
    text: `UPDATE projects SET keep_succeeded_days = $2, keep_other_days = $3 WHERE id = $1 RETURNING ${COLUMNS}`,
    values: [projectId, retention.succeededDays, retention.otherDays],
  })
  return rows[0]
}
