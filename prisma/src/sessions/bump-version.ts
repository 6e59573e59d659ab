import { VersionConflictError } from '../errors.ts'
import type { Queryable } from '../queryable.ts'

export interface SessionChange {
  projectId: string
  id: string
  /** The version that the caller read; 0: there must be no such session yet. Without it, any. */
  ifVersion?: number | undefined
}

/** Raises a session's version (making the session where it may) and locks its row until the transaction ends. */
export async function bumpVersion(db: Queryable, change: SessionChange & { state?: string }): Promise<number> {
  const { projectId, id, ifVersion, state } = change
  const { rows } = await db.query<{ version: number }>(
    `insert into sessions (project_id, id, version, state)
     select $1, $2, 1, coalesce($3::text, '{}')
      where coalesce($4::int, 0) = 0 or exists (select 1 from sessions where project_id = $1 and id = $2)
     on conflict (project_id, id) do update
        set version = sessions.version + 1, state = coalesce($3::text, sessions.state), updated_at = now()
      where $4::int is null or sessions.version = $4
     returning version`,
    [projectId, id, state ?? null, ifVersion ?? null],
  )
  if (rows[0] !== undefined) return rows[0].version
  const { rows: current } = await db.query<{ version: number }>('select version from sessions where project_id = $1 and id = $2', [
    projectId,
    id,
  ])
  throw new VersionConflictError(`Session ${id}`, current[0]?.version ?? 0)
}
