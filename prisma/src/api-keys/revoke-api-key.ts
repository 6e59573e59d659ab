import type { Queryable } from '../queryable.ts'

/** Answers whether there was such a living key. */
export async function revokeApiKey(db: Queryable, { projectId, id }: { projectId: string; id: string }): Promise<boolean> {
  const { rowCount } = await db.query('update api_keys set revoked_at = now() where project_id = $1 and id = $2 and revoked_at is null', [
    projectId,
    id,
  ])
  return rowCount === 1
}
