import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { inTransaction } from '../transaction.ts'

export interface FirstProject {
  id: string
  organizationId: string
  created: boolean
}

/** Makes the first organisation and project unless there is one; else answers the oldest. Safe from several processes at once. */
export async function ensureFirstProject(
  pool: pg.Pool,
  { organization = 'My organisation', project = 'default' } = {},
): Promise<FirstProject> {
  return await inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('cairn first project'))`)
    const { rows } = await client.query<{ id: string; organization_id: string }>(
      'select id, organization_id from projects order by created_at, id limit 1',
    )
    const first = rows[0]
    if (first !== undefined) return { id: first.id, organizationId: first.organization_id, created: false }
    const organizationId = uuidv7()
    const projectId = uuidv7()
    await client.query('insert into organizations (id, name) values ($1, $2)', [organizationId, organization])
    await client.query('insert into projects (id, organization_id, name) values ($1, $2, $3)', [projectId, organizationId, project])
    return { id: projectId, organizationId, created: true }
  })
}
