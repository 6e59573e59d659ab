import type { Queryable } from '../queryable.ts'

/** The example that a run was promoted into, in the current version of a set. */
export async function findExampleOfRun(
  db: Queryable,
  of: { projectId: string; set: string; runId: string },
): Promise<{ id: string } | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `select e.id from few_shot_examples e join few_shot_sets s on s.id = e.set_id
     where s.project_id = $1 and s.name = $2 and e.run_id = $3 and e.removed_in is null order by e.created_at desc limit 1`,
    [of.projectId, of.set, of.runId],
  )
  return rows[0]
}
