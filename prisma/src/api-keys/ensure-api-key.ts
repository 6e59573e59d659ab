import { v7 as uuidv7 } from 'uuid'
import { StoreError } from '../errors.ts'
import type { Queryable } from '../queryable.ts'
import { hashApiKey, prefixOf } from './api-key.ts'

/** Makes a given key (CAIRN_PROJECT_KEY) one of the project's, at every start. A key that a person revoked stays so. */
export async function ensureApiKey(db: Queryable, wanted: { projectId: string; key: string; name: string }): Promise<void> {
  const { projectId, key, name } = wanted
  const hash = hashApiKey(key)
  await db.query('insert into api_keys (id, project_id, name, prefix, hash) values ($1, $2, $3, $4, $5) on conflict (hash) do nothing', [
    uuidv7(),
    projectId,
    name,
    prefixOf(key),
    hash,
  ])
  const { rows } = await db.query<{ project_id: string; revoked: boolean }>(
    'select project_id, revoked_at is not null as revoked from api_keys where hash = $1',
    [hash],
  )
  const [found] = rows
  if (found?.project_id !== projectId) throw new StoreError('conflict', 'This key belongs to another project: choose another one.')
  if (found.revoked) throw new StoreError('conflict', 'This key was revoked: choose another one.')
}
