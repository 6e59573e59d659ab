import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { StoreError } from '../errors.ts'
import { inTransaction } from '../transaction.ts'

export interface SetChange {
  projectId: string
  /** Name of the set. */
  set: string
  /** E-mail or key name of who changes it. */
  actor?: string
}

interface Raised {
  client: pg.PoolClient
  setId: string
  /** The new version, under which the change is recorded. */
  version: number
}

/**
 * Raises a set's version, which locks its row so that changes come one after another, and records what `work` says it did. A
 * change that fails leaves the version as it was.
 */
export async function changeSet<T>(
  pool: pg.Pool,
  change: SetChange & { create: boolean },
  work: (raised: Raised) => Promise<{ change: string; result: T }>,
): Promise<T & { version: number }> {
  return await inTransaction(pool, async (client) => {
    const { setId, version } = change.create ? await createOrRaise(client, change) : await raise(client, change)
    const { change: what, result } = await work({ client, setId, version })
    await client.query('insert into few_shot_versions (set_id, version, actor, change) values ($1, $2, $3, $4)', [
      setId,
      version,
      change.actor ?? null,
      what,
    ])
    return { ...result, version }
  })
}

async function createOrRaise(client: pg.PoolClient, { projectId, set }: SetChange): Promise<{ setId: string; version: number }> {
  const { rows } = await client.query<{ setId: string; version: number }>(
    `insert into few_shot_sets (id, project_id, name, version) values ($1, $2, $3, 1)
     on conflict (project_id, name) do update set version = few_shot_sets.version + 1, updated_at = now()
     returning id as "setId", version`,
    [uuidv7(), projectId, set],
  )
  return rows[0] ?? noSuchSet(set)
}

async function raise(client: pg.PoolClient, { projectId, set }: SetChange): Promise<{ setId: string; version: number }> {
  const { rows } = await client.query<{ setId: string; version: number }>(
    `update few_shot_sets set version = version + 1, updated_at = now() where project_id = $1 and name = $2
     returning id as "setId", version`,
    [projectId, set],
  )
  return rows[0] ?? noSuchSet(set)
}

function noSuchSet(set: string): never {
  throw new StoreError('not_found', `There is no few-shot set "${set}".`)
}

export function noSuchExample(id: string): never {
  throw new StoreError('not_found', `Example ${id} is not in the current version of the set: it may have been edited, moved or removed.`)
}
