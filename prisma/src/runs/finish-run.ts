import type { Queryable } from '../queryable.ts'
import { controlled, logStatus, type RunRow, runColumns } from './run-row.ts'

export interface RunEnd {
  readonly projectId: string
  readonly runId: string
  readonly execution: number
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'paused' | 'waiting'
  /** When a waiting run goes on though nothing came in; null: never. RFC 3339. */
  readonly wakeAt: string | null
  readonly output: string | null
  readonly outputBlob: Buffer | null
  readonly error: { readonly type: string; readonly message: string; readonly stack: string | null; readonly cause: string | null } | null
  readonly errorGroup: string | null
  readonly failedStep: string | null
  /** RFC 6902 operations as JSON text. */
  readonly statePatch: string | null
}

const SQL = `
WITH run AS (
  UPDATE runs SET status = CASE WHEN $4 = 'waiting' AND control IS NOT NULL THEN ${controlled('runs')} ELSE $4 END,
    worker_id = NULL, control = NULL,
    ready_at = CASE WHEN $4 = 'waiting' AND control IS NULL AND parent_run_id IS NULL THEN $14::timestamptz END,
    ended_at = CASE WHEN $4 <> 'waiting' OR control IS NOT NULL THEN now() END,
    error_type = $7, error_message = $8, error_group = $11, failed_step = $12,
    stalled_crashes = 0,
    status_reason = CASE WHEN $4 IN ('cancelled', 'paused') OR control IS NOT NULL THEN status_reason END,
    status_actor = CASE WHEN $4 IN ('cancelled', 'paused') OR control IS NOT NULL THEN status_actor END
  WHERE project_id = $1 AND id = $2 AND execution = $3 AND status IN ('running', 'crashed')
  RETURNING *
), value AS (
  UPDATE run_values v SET output = $5, output_blob = $6, error_stack = $9, error_cause = $10 FROM run WHERE v.run_id = run.id
), execution AS (
  UPDATE executions e SET ended_at = now(), outcome = run.status FROM run WHERE e.run_id = run.id AND e.number = run.execution
), patch AS (
  INSERT INTO state_patches (run_id, seq, execution, patch) SELECT id, nextval('run_seq'), execution, $13 FROM run WHERE $13::text IS NOT NULL
), event AS (${logStatus('run')})
SELECT ${runColumns('run')} FROM run`

/**
 * Ends the current execution, also one that was taken for dead and that nobody has taken over. Undefined if the run is not in this
 * execution any more: nothing was changed.
 */
export async function finishRun(db: Queryable, end: RunEnd): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRow>({
    name: 'finish-run',
    text: SQL,
    values: [
      end.projectId,
      end.runId,
      end.execution,
      end.status,
      end.output,
      end.outputBlob,
      end.error?.type ?? null,
      end.error?.message ?? null,
      end.error?.stack ?? null,
      end.error?.cause ?? null,
      end.errorGroup,
      end.failedStep,
      end.statePatch,
      end.wakeAt,
    ],
  })
  return rows[0]
}
