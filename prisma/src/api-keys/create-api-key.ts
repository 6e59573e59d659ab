import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '../queryable.ts'
import { hashApiKey, makeApiKey, prefixOf } from './api-key.ts'

export interface CreatedApiKey {
  id: string
  /** The whole key: only its hash is kept, so this is the one time to show it. */
  key: string
  prefix: string
}

export async function createApiKey(db: Queryable, { projectId, name }: { projectId: string; name: string }): Promise<CreatedApiKey> {
  const created = makeApiKey()
  const id = uuidv7()
  const prefix = prefixOf(created)
  await db.query('insert into api_keys (id, project_id, name, prefix, hash) values ($1, $2, $3, $4, $5)', [
    id,
    projectId,
    name,
    prefix,
    hashApiKey(created),
  ])
  return { id, key: created, prefix }
}
