import type { Queryable } from '../queryable.ts'

export interface CheckpointRow {
  readonly runId: string
  readonly execution: number
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly status: string
  readonly attempt: number
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** JSON text, or null where it lies in a blob. */
  readonly output: string | null
  readonly outputBlob: Buffer | null
  /** StoredError as JSON text. */
  readonly error: string | null
  readonly spanId: string | null
  readonly inputFingerprint: string | null
  readonly childRunId: string | null
  readonly onInterrupted: string | null
  /** RFC 6902 operations as JSON text. */
  readonly statePatch: string | null
}

/** What became of one checkpoint. */
export type CheckpointVerdict =
  | { readonly outcome: 'stored' | 'duplicate'; readonly control: 'pause' | 'cancel' | null }
  /** Another outcome of this step is stored already. */
  | { readonly outcome: 'conflict'; readonly control: 'pause' | 'cancel' | null }
  | { readonly outcome: 'stale'; readonly currentExecution: number; readonly runStatus: string }
  | { readonly outcome: 'missing' }

// One statement for the checkpoints of many runs: fence, insert, state changes, and each run's pending control come back together.
// The share lock makes a claim wait, so that no checkpoint of the old execution lands after the new one has read them all.
// While nobody has taken a crashed run over, what its last execution finished still counts: its worker was cut off, and kept it.
// A finished step is never overwritten; `before` is the row as it was when the statement began.
const SQL = `
WITH item AS (
  SELECT * FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::timestamptz[],
    $10::timestamptz[], $11::text[], $12::bytea[], $13::text[], $14::text[], $15::text[], $16::uuid[], $17::text[], $18::text[])
  WITH ORDINALITY AS t(run_id, execution, key, name, kind, status, attempt, started_at, ended_at, output, output_blob, error,
    span_id, input_fingerprint, child_run_id, on_interrupted, state_patch, ord)
), locked AS MATERIALIZED (
  SELECT id, execution, status, control FROM runs WHERE project_id = $1 AND id = ANY($2) ORDER BY id FOR SHARE
), judged AS (
  SELECT item.*, l.id IS NOT NULL AS found, l.execution AS current, l.status AS run_status, l.control,
    coalesce(l.execution = item.execution AND l.status IN ('running', 'crashed'), false) AS valid
  FROM item LEFT JOIN locked l ON l.id = item.run_id
), stored AS (
  INSERT INTO steps (run_id, key, seq, name, kind, status, attempt, execution, started_at, ended_at, output, output_blob, error,
    span_id, input_fingerprint, child_run_id, on_interrupted)
  SELECT run_id, key, nextval('run_seq'), name, kind, status, attempt, execution, coalesce(started_at, ended_at, now()),
    CASE WHEN status <> 'started' THEN coalesce(ended_at, now()) END, output, output_blob, error, span_id, input_fingerprint, child_run_id,
    on_interrupted
  FROM judged WHERE valid ORDER BY ord
  ON CONFLICT (run_id, key) DO UPDATE SET seq = excluded.seq, name = excluded.name, kind = excluded.kind, status = excluded.status,
    attempt = excluded.attempt, execution = excluded.execution, started_at = excluded.started_at, ended_at = excluded.ended_at,
    output = excluded.output, output_blob = excluded.output_blob, error = excluded.error, span_id = excluded.span_id,
    input_fingerprint = excluded.input_fingerprint, child_run_id = excluded.child_run_id, on_interrupted = excluded.on_interrupted
    WHERE steps.status <> 'succeeded'
  RETURNING run_id, key
), patched AS (
  INSERT INTO state_patches (run_id, seq, execution, step_key, patch)
  SELECT j.run_id, nextval('run_seq'), j.execution, j.key, j.state_patch
  FROM judged j JOIN stored s USING (run_id, key) WHERE j.state_patch IS NOT NULL ORDER BY j.ord
)
SELECT j.found, j.valid, j.current, j.run_status AS "runStatus", j.control, j.valid AND s.key IS NOT NULL AS stored,
  j.current = j.execution AND before.status = 'succeeded' AND j.status = 'succeeded' AND before.output IS NOT DISTINCT FROM j.output
    AND before.output_blob IS NOT DISTINCT FROM j.output_blob AS same
FROM judged j
LEFT JOIN stored s ON s.run_id = j.run_id AND s.key = j.key
LEFT JOIN steps before ON before.run_id = j.run_id AND before.key = j.key
ORDER BY j.ord`

interface VerdictRow {
  readonly found: boolean
  readonly valid: boolean
  readonly current: number
  readonly runStatus: string
  readonly control: 'pause' | 'cancel' | null
  readonly stored: boolean
  readonly same: boolean | null
}

/**
 * Stores step outcomes of any number of runs of a project; the answers stand in the order of the items.
 * One batch must not name the same step of the same run twice.
 */
export async function storeCheckpoints(db: Queryable, projectId: string, items: readonly CheckpointRow[]): Promise<CheckpointVerdict[]> {
  if (items.length === 0) return []
  const column = <K extends keyof CheckpointRow>(key: K) => items.map((item) => item[key])
  const { rows } = await db.query<VerdictRow>({
    name: 'store-checkpoints',
    text: SQL,
    values: [
      projectId,
      column('runId'),
      column('execution'),
      column('key'),
      column('name'),
      column('kind'),
      column('status'),
      column('attempt'),
      column('startedAt'),
      column('endedAt'),
      column('output'),
      column('outputBlob'),
      column('error'),
      column('spanId'),
      column('inputFingerprint'),
      column('childRunId'),
      column('onInterrupted'),
      column('statePatch'),
    ],
  })
  return rows.map(toVerdict)
}

function toVerdict(row: VerdictRow): CheckpointVerdict {
  if (!row.found) return { outcome: 'missing' }
  if (row.stored) return { outcome: 'stored', control: row.control }
  // A lost acknowledgement is sent again, perhaps after the run has ended in this same execution.
  if (row.same) return { outcome: 'duplicate', control: row.control }
  if (!row.valid) return { outcome: 'stale', currentExecution: row.current, runStatus: row.runStatus }
  return { outcome: 'conflict', control: row.control }
}
