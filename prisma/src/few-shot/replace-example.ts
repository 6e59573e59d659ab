import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { noSuchExample } from './change-set.ts'
import type { ExampleContent } from './example.ts'

export interface Replacement {
  setId: string
  version: number
  id: string
  position?: number
  content?: Partial<ExampleContent>
}

/** Ends an example and adds its successor, so that earlier versions stay as they were; answers the successor's id. */
export async function replaceExample(client: pg.PoolClient, replacement: Replacement): Promise<string> {
  const { setId, version, id, position, content = {} } = replacement
  const successor = uuidv7()
  const { rowCount } = await client.query(
    `with ended as (
       update few_shot_examples set removed_in = $3 where set_id = $1 and id = $2 and removed_in is null returning *
     )
     insert into few_shot_examples (id, set_id, position, added_in, input, output, messages, tags, note, run_id)
     select $4, set_id, coalesce($5, position), $3, coalesce($6, input), coalesce($7, output), coalesce($8, messages),
            coalesce($9, tags), case when $10 then $11 else note end, run_id
       from ended`,
    [
      setId,
      id,
      version,
      successor,
      position ?? null,
      content.input ?? null,
      content.output ?? null,
      content.messages ?? null,
      content.tags ?? null,
      content.note !== undefined,
      content.note ?? null,
    ],
  )
  if (rowCount !== 1) noSuchExample(id)
  return successor
}
