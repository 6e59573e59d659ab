import type { Queryable } from '../queryable.ts'

export interface SetSummary {
  set: string
  version: number
  /** Examples in the current version. */
  examples: number
  createdAt: string
  updatedAt: string
}

export async function listSets(db: Queryable, projectId: string): Promise<SetSummary[]> {
  const { rows } = await db.query<SetSummary>(
    `select name as set, version, created_at as "createdAt", updated_at as "updatedAt",
            (select count(*)::int from few_shot_examples e where e.set_id = s.id and e.removed_in is null) as examples
       from few_shot_sets s where project_id = $1 order by name`,
    [projectId],
  )
  return rows
}
