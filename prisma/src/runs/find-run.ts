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

/** Some runs of any project, by id: for the collector's own jobs. */
export async function findRuns(db: Queryable, ids: readonly string[]): Promise<Map<string, RunRow>> {
  const { rows } = await db.query<RunRow>({
    name: 'find-runs',
    text: `SELECT ${runColumns('r')} FROM runs r WHERE r.id = ANY($1::uuid[])`,
    values: [ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
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
