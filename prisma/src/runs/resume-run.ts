import type { Queryable } from '../queryable.ts'
import { logStatus, type RunRow, runColumns } from './run-row.ts'

export interface Resume {
  readonly projectId: string
  readonly runId: string
  readonly actor: string | null
  readonly reason: string | null
  /** Version that must serve it; null: any. */
  readonly version: string | null
  /** Replaces the input: JSON text or a blob; both null keep it. */
  readonly input: string | null
  readonly inputBlob: Buffer | null
}

const SQL = `
WITH run AS (
  UPDATE runs SET status = 'queued', ready_at = now(), control = NULL, worker_id = NULL, requested_version = $5,
    status_actor = $3, status_reason = $4, stalled_crashes = 0,
    error_type = NULL, error_message = NULL, error_group = NULL, failed_step = NULL, ended_at = NULL
  WHERE project_id = $1 AND id = $2 AND parent_run_id IS NULL AND status IN ('failed', 'crashed', 'paused', 'cancelled')
  RETURNING *
), value AS (
  UPDATE run_values v SET input = $6, input_blob = $7 FROM run
  WHERE v.run_id = run.id AND ($6::text IS NOT NULL OR $7::bytea IS NOT NULL)
), event AS (${logStatus('run')})
SELECT ${runColumns('run')} FROM run`

/** Queues a stopped run for its next execution. Undefined if it isn't resumable: nothing was changed. */
export async function resumeRun(db: Queryable, resume: Resume): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRow>({
    name: 'resume-run',
    text: SQL,
    values: [resume.projectId, resume.runId, resume.actor, resume.reason, resume.version, resume.input, resume.inputBlob],
  })
  return rows[0]
}
