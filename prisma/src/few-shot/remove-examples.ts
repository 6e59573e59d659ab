import type pg from 'pg'
import { changeSet, type SetChange } from './change-set.ts'

/** Ends some examples in one version; those that are no longer in the set are left alone. */
export async function removeExamples(
  pool: pg.Pool,
  change: SetChange & { ids: readonly string[] },
): Promise<{ removed: number; version: number }> {
  return await changeSet(pool, { ...change, create: false }, async ({ client, setId, version }) => {
    const { rowCount } = await client.query(
      'update few_shot_examples set removed_in = $3 where set_id = $1 and id = any($2::uuid[]) and removed_in is null',
      [setId, change.ids, version],
    )
    const removed = rowCount ?? 0
    return { change: `Removed ${removed} examples: undone`, result: { removed } }
  })
}
