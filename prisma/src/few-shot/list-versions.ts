import type { Queryable } from '../queryable.ts'

export interface SetVersion {
  version: number
  actor: string | null
  /** What was done, for people. */
  change: string
  createdAt: string
}

/** The change log of a set, newest first. */
export async function listVersions(db: Queryable, { projectId, set }: { projectId: string; set: string }): Promise<SetVersion[]> {
  const { rows } = await db.query<SetVersion>(
    `select v.version, v.actor, v.change, v.created_at as "createdAt"
       from few_shot_versions v join few_shot_sets s on s.id = v.set_id
      where s.project_id = $1 and s.name = $2 order by v.version desc`,
    [projectId, set],
  )
  return rows
}
