import type { Queryable } from '../client.ts'
import { API_KEY_COLUMNS, type ApiKey } from './api-key.ts'

/** The living key with this hash. Notes its use, at most once a minute. */
export async function findApiKey(db: Queryable, hash: Uint8Array): Promise<ApiKey | null> {
  const { rows } = await db.query<ApiKey>(
    `with found as (select ${API_KEY_COLUMNS} from api_keys where hash = $1 and revoked_at is null),
          used as (update api_keys set last_used_at = now()
                    where id in (select id from found) and (last_used_at is null or last_used_at < now() - interval '1 minute'))
     select * from found`,
    [hash],
  )
  return rows[0] ?? null
}
