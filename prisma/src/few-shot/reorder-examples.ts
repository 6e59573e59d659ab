import type pg from 'pg'
import { StoreError } from '../errors.ts'
import { changeSet, type SetChange } from './change-set.ts'
import { replaceExample } from './replace-example.ts'

/**
 * Puts all examples of a set into the order of `ids`. Those that move get new ids, as a version keeps its order too; the
 * answer has the ids in the new order.
 */
export async function reorderExamples(pool: pg.Pool, change: SetChange & { ids: string[] }): Promise<{ ids: string[]; version: number }> {
  return await changeSet(pool, { ...change, create: false }, async ({ client, setId, version }) => {
    const { rows: current } = await client.query<{ id: string; position: number }>(
      'select id, position from few_shot_examples where set_id = $1 and removed_in is null order by position',
      [setId],
    )
    const wanted = new Set(change.ids)
    if (wanted.size !== current.length || change.ids.length !== current.length || !current.every(({ id }) => wanted.has(id)))
      throw new StoreError('conflict', 'The order must name each example of the current version once: read the set again.')
    const ids: string[] = []
    // The same places are dealt out anew, so what stays in its place stays itself.
    for (const [i, place] of current.entries()) {
      const id = change.ids[i] ?? place.id
      ids.push(id === place.id ? id : await replaceExample(client, { setId, version, id, position: place.position }))
    }
    return { change: 'Reordered the examples', result: { ids } }
  })
}
