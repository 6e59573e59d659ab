import type { Queryable } from '../queryable.ts'

/** The runs that some runs called, directly or not: descendant → the run it was asked for. The caller has checked the project. */
export async function listDescendants(
  db: Queryable,
  runIds: readonly string[],
): Promise<{ readonly runId: string; readonly ancestorId: string }[]> {
  const { rows } = await db.query<{ runId: string; ancestorId: string }>({
    name: 'list-descendants',
    text: `WITH RECURSIVE tree AS (
        SELECT id, parent_run_id AS ancestor FROM runs WHERE parent_run_id = ANY($1::uuid[])
        UNION ALL
        SELECT r.id, t.ancestor FROM runs r JOIN tree t ON r.parent_run_id = t.id
      )
      SELECT id AS "runId", ancestor AS "ancestorId" FROM tree LIMIT 100000`,
    values: [runIds],
  })
  return rows
}
