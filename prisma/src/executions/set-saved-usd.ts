import type { Queryable } from '../queryable.ts'

/**
 * Notes what the replayed steps of an execution had cost, in US dollars as a decimal string, and that the run's copy in ClickHouse is
 * to be made anew: by then it may have ended, and nothing else would change.
 */
export async function setSavedUsd(db: Queryable, runId: string, execution: number, savedUsd: string): Promise<void> {
  await db.query({
    name: 'set-saved-usd',
    text: `WITH saved AS (UPDATE executions SET saved_usd = $3 WHERE run_id = $1 AND number = $2 RETURNING run_id, number)
      INSERT INTO run_events (run_id, seq, execution, type, data)
      SELECT run_id, nextval('run_seq'), number, 'saved', '{}' FROM saved`,
    values: [runId, execution, savedUsd],
  })
}
