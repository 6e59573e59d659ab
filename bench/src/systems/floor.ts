import { randomUUID } from 'node:crypto'
import { createPool } from '@cairn/prisma'
import { RESULT, type StepSystem } from '../step-system.ts'

const TABLE =
  'CREATE TABLE steps (run_id uuid, step int, name text, output jsonb, at timestamptz DEFAULT now(), PRIMARY KEY (run_id, step))'

type Insert = (id: string, step: number) => Promise<unknown>

function makeFloor(
  name: string,
  databaseUrl: string,
  poolSize: number,
  makeInsert: (pool: ReturnType<typeof createPool>) => Insert,
): StepSystem {
  const pool = createPool(databaseUrl, { max: poolSize })
  const insert = makeInsert(pool)
  return {
    name,
    setup: async () => void (await pool.query(TABLE)),
    run: async (steps, mark) => {
      const id = randomUUID()
      for (let i = 0; i < steps; i++) {
        mark()
        await insert(id, i)
      }
      mark()
    },
    stop: () => pool.end(),
  }
}

/** The least that durability costs: a row and a commit for each step. */
export const rawFloor = (databaseUrl: string, poolSize: number): StepSystem =>
  makeFloor(
    'INSERT + COMMIT',
    databaseUrl,
    poolSize,
    (pool) => (id, step) =>
      pool.query({
        name: 'insert',
        text: 'INSERT INTO steps (run_id, step, name, output) VALUES ($1, $2, $3, $4)',
        values: [id, step, 'step', JSON.stringify(RESULT)],
      }),
  )

interface Waiting {
  readonly id: string
  readonly step: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The same, where steps of runs side by side share a commit. */
export const groupFloor = (databaseUrl: string): StepSystem =>
  makeFloor('group commit', databaseUrl, 2, (pool) => {
    const queue: Waiting[] = []
    let busy = 0
    const pump = (): void => {
      while (queue.length > 0 && busy < 2) {
        const batch = queue.splice(0, 500)
        busy++
        const values = [batch.map((w) => w.id), batch.map((w) => w.step), batch.map(() => 'step'), batch.map(() => JSON.stringify(RESULT))]
        const text = 'INSERT INTO steps (run_id, step, name, output) SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[])'
        pool
          .query({ name: 'insert', text, values })
          .then(
            () => {
              for (const waiting of batch) waiting.resolve()
            },
            (error: unknown) => {
              for (const waiting of batch) waiting.reject(error)
            },
          )
          .finally(() => {
            busy--
            pump()
          })
      }
    }
    return (id, step) =>
      new Promise<void>((resolve, reject) => {
        queue.push({ id, step, resolve, reject })
        queueMicrotask(pump)
      })
  })
