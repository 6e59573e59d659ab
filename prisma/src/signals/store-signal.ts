import type { Queryable } from '../queryable.ts'

export interface NewSignal {
  readonly id: string
  readonly projectId: string
  readonly runId: string
  readonly name: string
  /** JSON text. */
  readonly payload: string
}

// The lock waits for checkpoints and items of this run in flight, which hold a share: else an event with a lower number could
// become visible after this one, when readers are past it.
/** Keeps a signal for a run and logs it. False if there is no such run in the project, or it has ended for good. */
export async function storeSignal(db: Queryable, signal: NewSignal): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'store-signal',
    text: `WITH run AS (
        SELECT id, execution FROM runs WHERE project_id = $2 AND id = $3 AND status <> 'succeeded' FOR NO KEY UPDATE
      ), event AS (
        INSERT INTO run_events (run_id, seq, execution, type, data)
        SELECT id, nextval('run_seq'), execution, 'signal', jsonb_build_object('name', $4::text)::text FROM run
      )
      INSERT INTO signals (id, run_id, name, payload) SELECT $1, id, $4, $5 FROM run`,
    values: [signal.id, signal.projectId, signal.runId, signal.name, signal.payload],
  })
  return rowCount === 1
}
