import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { changeSet, type SetChange } from './change-set.ts'
import type { ExampleContent } from './example.ts'

type NewExample = Pick<ExampleContent, 'input' | 'output'> &
  Partial<ExampleContent> & { runId?: string /** A new one is chosen where it is left out. */; id?: string }

/** Adds an example at the end of a set, which is made if it is missing. */
export async function addExample(pool: pg.Pool, change: SetChange & { example: NewExample }): Promise<{ id: string; version: number }> {
  const { example } = change
  return await changeSet(pool, { ...change, create: true }, async ({ client, setId, version }) => {
    const id = example.id ?? uuidv7()
    await client.query(
      `insert into few_shot_examples (id, set_id, position, added_in, input, output, messages, tags, note, run_id)
       values ($1, $2, (select coalesce(max(position), -1) + 1 from few_shot_examples where set_id = $2 and removed_in is null),
               $3, $4, $5, $6, $7, $8, $9)`,
      [
        id,
        setId,
        version,
        example.input,
        example.output,
        example.messages ?? '[]',
        example.tags ?? [],
        example.note ?? null,
        example.runId ?? null,
      ],
    )
    return { change: example.runId === undefined ? 'Added an example' : `Promoted run ${example.runId}`, result: { id } }
  })
}
