import type { Queryable } from '../queryable.ts'

/** A run that another called, directly or not. */
export interface Descendant {
  readonly id: string
  /** That called it. */
  readonly parentRunId: string
  /** That it was asked for. */
  readonly ancestorId: string
  readonly status: string
  readonly execution: number
}

/** The runs that some runs called, directly or not, for each of these. The caller has checked the project. */
export async function listDescendants(db: Queryable, runIds: readonly string[]): Promise<Descendant[]> {
  if (runIds.length === 0) return []
  const { rows } = await db.query<Descendant>({
    name: 'list-descendants',
    text: `WITH RECURSIVE tree AS (
        SELECT id, parent_run_id, status, execution, parent_run_id AS ancestor FROM runs WHERE parent_run_id = ANY($1::uuid[])
        UNION ALL
        SELECT r.id, r.parent_run_id, r.status, r.execution, t.ancestor FROM runs r JOIN tree t ON r.parent_run_id = t.id
      )
      SELECT id, parent_run_id AS "parentRunId", ancestor AS "ancestorId", status, execution FROM tree LIMIT 100000`,
    values: [runIds],
  })
  return rows
}
