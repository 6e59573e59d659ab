import type { Queryable } from '../queryable.ts'
import { API_KEY_COLUMNS, type ApiKey } from './api-key.ts'

export async function listApiKeys(db: Queryable, projectId: string): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKey>(
    `select ${API_KEY_COLUMNS} from api_keys where project_id = $1 order by created_at desc, id desc`,
    [projectId],
  )
  return rows
}
