import type { Queryable } from '../queryable.ts'

export interface StepOutputOverride {
  readonly key: string
  readonly output: string | null
  readonly outputBlob: Buffer | null
}

/** Writes outputs that a person chose, as finished steps. Call it in the transaction that resumes or forks the run. */
export async function overrideSteps(db: Queryable, runId: string, overrides: readonly StepOutputOverride[]): Promise<void> {
  await db.query({
    name: 'override-steps',
    text: `INSERT INTO steps (run_id, key, seq, name, kind, status, attempt, execution, started_at, ended_at, output, output_blob,
        given_by_hand)
      SELECT r.id, o.key, nextval('run_seq'), o.key, 'other', 'succeeded', 1, r.execution + 1, now(), now(), o.output, o.output_blob, true
      FROM runs r, unnest($2::text[], $3::text[], $4::bytea[]) AS o(key, output, output_blob) WHERE r.id = $1
      ON CONFLICT (run_id, key) DO UPDATE SET seq = excluded.seq, status = 'succeeded', execution = excluded.execution,
        ended_at = now(), output = excluded.output, output_blob = excluded.output_blob, error = NULL, given_by_hand = true`,
    values: [runId, overrides.map((o) => o.key), overrides.map((o) => o.output), overrides.map((o) => o.outputBlob)],
  })
}

/** Forgets the outcomes of steps, so that they run again. */
export async function forgetSteps(db: Queryable, runId: string, keys: readonly string[]): Promise<void> {
  await db.query({ name: 'forget-steps', text: 'DELETE FROM steps WHERE run_id = $1 AND key = ANY($2::text[])', values: [runId, keys] })
}

/** Copies the finished steps and state changes that stand before `seq` from one run to its fork. */
export async function copySteps(db: Queryable, fork: { fromRunId: string; toRunId: string; beforeSeq: number }): Promise<void> {
  const values = [fork.fromRunId, fork.toRunId, fork.beforeSeq]
  await db.query({
    name: 'copy-steps',
    text: `INSERT INTO steps (run_id, key, seq, name, kind, status, attempt, execution, started_at, ended_at, output, output_blob, span_id,
        input_fingerprint, child_run_id, given_by_hand)
      SELECT $2, key, nextval('run_seq'), name, kind, status, attempt, 0, started_at, ended_at, output, output_blob, span_id,
        input_fingerprint, child_run_id, given_by_hand
      FROM (SELECT * FROM steps WHERE run_id = $1 AND status = 'succeeded' AND seq < $3 ORDER BY seq) AS kept`,
    values,
  })
  // By its step: steps stored at once stand before the changes of all of them.
  await db.query({
    name: 'copy-state-patches',
    text: `INSERT INTO state_patches (run_id, seq, execution, step_key, patch)
      SELECT $2, nextval('run_seq'), 0, step_key, patch
      FROM (
        SELECT p.* FROM state_patches p LEFT JOIN steps s ON s.run_id = p.run_id AND s.key = p.step_key
        WHERE p.run_id = $1 AND CASE WHEN s.key IS NULL THEN p.seq < $3 ELSE s.status = 'succeeded' AND s.seq < $3 END
        ORDER BY p.seq
      ) AS kept`,
    values,
  })
}
