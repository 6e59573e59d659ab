import type pg from 'pg'
import { changeSet, noSuchExample, type SetChange } from './change-set.ts'

/** Ends an example: earlier versions keep it. */
export async function removeExample(pool: pg.Pool, change: SetChange & { id: string }): Promise<{ version: number }> {
  return await changeSet(pool, { ...change, create: false }, async ({ client, setId, version }) => {
    const { rowCount } = await client.query(
      'update few_shot_examples set removed_in = $3 where set_id = $1 and id = $2 and removed_in is null',
      [setId, change.id, version],
    )
    if (rowCount !== 1) noSuchExample(change.id)
    return { change: 'Removed an example', result: {} }
  })
}
