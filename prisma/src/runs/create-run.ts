import type { Queryable } from '../queryable.ts'
import { logStatus, type RunRow, runColumns } from './run-row.ts'

export interface NewRun {
  readonly id: string
  readonly projectId: string
  readonly traceId: string
  readonly agent: string
  readonly version: string | null
  /** JSON text, or null where it lies in a blob. */
  readonly input: string | null
  readonly inputBlob: Buffer | null
  readonly metadata: string
  readonly sessionId: string | null
  readonly userId: string | null
  readonly tags: readonly string[]
  readonly idempotencyKey: string | null
  /** When it may be claimed, RFC 3339; null: now. */
  readonly runAt: string | null
  /** Higher first; default 0. */
  readonly priority?: number
  readonly concurrencyKey?: string | null
  readonly rateLimitKey?: string | null
  readonly parent: { readonly runId: string; readonly stepKey: string; readonly spanId: string | null } | null
  readonly forkedFrom: { readonly runId: string; readonly step: string } | null
  /** The worker that starts it at once; null: it waits in the queue. */
  readonly claim: {
    readonly workerId: string
    readonly codeRevision: string | null
    readonly recovery: { readonly mode: string; readonly maxAttempts: number; readonly backoffMs: number } | null
    readonly steps: number | null
  } | null
}

const SQL = `
WITH run AS (
  INSERT INTO runs (id, project_id, trace_id, agent, version, requested_version, status, execution, ready_at, worker_id, session_id,
    user_id, tags, idempotency_key, parent_run_id, parent_step_key, parent_span_id, forked_from_run_id, forked_from_step,
    recovery_mode, recovery_max_attempts, recovery_backoff_ms, steps_total, started_at,
    priority, concurrency_key, rate_limit_key)
  VALUES ($1, $2, $3, $4, $5, CASE WHEN $17::text IS NULL THEN $5 END,
    CASE WHEN $17::text IS NULL THEN 'queued' ELSE 'running' END,
    CASE WHEN $17::text IS NULL THEN 0 ELSE 1 END,
    CASE WHEN $17::text IS NULL THEN coalesce($11::timestamptz, now()) END,
    $17, $8, $9, $10, $12, $13, $14, $15, $22, $23,
    coalesce($18, 'auto'), coalesce($19::int, 3), coalesce($20::int, 500), $21::int,
    CASE WHEN $17::text IS NULL THEN NULL ELSE now() END,
    $25, $26, $27)
  ON CONFLICT (project_id, idempotency_key) DO NOTHING
  RETURNING *
), value AS (
  INSERT INTO run_values (run_id, input, input_blob, metadata) SELECT id, $6, $7, $16 FROM run
), execution AS (
  INSERT INTO executions (run_id, number, worker_id, version, code_revision)
  SELECT id, 1, worker_id, version, $24 FROM run WHERE status = 'running'
), event AS (${logStatus('run')})
SELECT ${runColumns('run')} FROM run`

/** Stores a new run, queued or held by the worker that makes it. Undefined if the idempotency key was used before. */
export async function createRun(db: Queryable, run: NewRun): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRow>({
    name: 'create-run',
    text: SQL,
    values: [
      run.id,
      run.projectId,
      run.traceId,
      run.agent,
      run.version,
      run.input,
      run.inputBlob,
      run.sessionId,
      run.userId,
      run.tags,
      run.runAt,
      run.idempotencyKey,
      run.parent?.runId ?? null,
      run.parent?.stepKey ?? null,
      run.parent?.spanId ?? null,
      run.metadata,
      run.claim?.workerId ?? null,
      run.claim?.recovery?.mode ?? null,
      run.claim?.recovery?.maxAttempts ?? null,
      run.claim?.recovery?.backoffMs ?? null,
      run.claim?.steps ?? null,
      run.forkedFrom?.runId ?? null,
      run.forkedFrom?.step ?? null,
      run.claim?.codeRevision ?? null,
      run.priority ?? 0,
      run.concurrencyKey ?? null,
      run.rateLimitKey ?? null,
    ],
  })
  return rows[0]
}
