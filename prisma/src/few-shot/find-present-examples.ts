import type { Queryable } from '../queryable.ts'

/** Which of some examples are in the current version of a set. */
export async function findPresentExamples(
  db: Queryable,
  of: { projectId: string; set: string; ids: readonly string[] },
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select e.id from few_shot_examples e join few_shot_sets s on s.id = e.set_id
     where s.project_id = $1 and s.name = $2 and e.id = any($3::uuid[]) and e.removed_in is null`,
    [of.projectId, of.set, of.ids],
  )
  return rows.map(({ id }) => id)
}
