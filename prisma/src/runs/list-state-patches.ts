import type { Queryable } from '../queryable.ts'

export interface StatePatchRow {
  readonly runId: string
  readonly seq: number
  readonly stepKey: string | null
  /** RFC 6902 operations as JSON text. */
  readonly patch: string
}

/** All changes of the state of some runs, in order. */
export async function listStatePatches(db: Queryable, runIds: readonly string[]): Promise<StatePatchRow[]> {
  const { rows } = await db.query<StatePatchRow>({
    name: 'list-state-patches',
    text: `SELECT run_id AS "runId", seq, step_key AS "stepKey", patch FROM state_patches
           WHERE run_id = ANY($1::uuid[]) ORDER BY run_id, seq`,
    values: [runIds],
  })
  return rows
}

/** One more change of a run's state, outside any step. */
export async function addStatePatch(db: Queryable, patch: { runId: string; execution: number; patch: string }): Promise<void> {
  await db.query({
    name: 'add-state-patch',
    text: `INSERT INTO state_patches (run_id, seq, execution, patch) VALUES ($1, nextval('run_seq'), $2, $3)`,
    values: [patch.runId, patch.execution, patch.patch],
  })
}
