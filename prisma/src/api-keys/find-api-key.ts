import type { Queryable } from '../queryable.ts'

export interface ApiKeyOwner {
  keyId: string
  projectId: string
  /** Name of the key. */
  name: string
}

/** Whose living key has this hash. Notes its use, at most once a minute. */
export async function findApiKey(db: Queryable, hash: Uint8Array): Promise<ApiKeyOwner | undefined> {
  const { rows } = await db.query<ApiKeyOwner>(
    `with found as (select id, project_id, name from api_keys where hash = $1 and revoked_at is null),
          used as (update api_keys set last_used_at = now()
                    where id in (select id from found) and (last_used_at is null or last_used_at < now() - interval '1 minute'))
     select id as "keyId", project_id as "projectId", name from found`,
    [hash],
  )
  return rows[0]
}
