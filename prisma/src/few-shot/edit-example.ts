import type pg from 'pg'
import { changeSet, type SetChange } from './change-set.ts'
import type { ExampleContent } from './example.ts'
import { replaceExample } from './replace-example.ts'

/** Changes fields of an example, in its place; answers the id of what stands there now. */
export async function editExample(
  pool: pg.Pool,
  change: SetChange & { id: string; content: Partial<ExampleContent> },
): Promise<{ id: string; version: number }> {
  return await changeSet(pool, { ...change, create: false }, async ({ client, setId, version }) => {
    const id = await replaceExample(client, { setId, version, id: change.id, content: change.content })
    return { change: 'Edited an example', result: { id } }
  })
}
