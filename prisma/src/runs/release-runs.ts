import type { Queryable } from '../queryable.ts'
import { logStatus, type RunRow, runColumns } from './run-row.ts'
import { sayUndecided, undecidedStep } from './undecided-step.ts'

const SQL = `
WITH held AS (
  SELECT r.id, ask.key AS ask FROM runs r LEFT JOIN LATERAL (${undecidedStep('r')}) AS ask ON true
  WHERE r.project_id = $1 AND r.worker_id = $2 AND r.status = 'running'
  FOR UPDATE OF r
), run AS (
  UPDATE runs r SET
    status = CASE WHEN h.ask IS NOT NULL THEN 'crashed' WHEN r.parent_run_id IS NULL THEN 'queued' ELSE 'paused' END,
    ready_at = CASE WHEN h.ask IS NULL AND r.parent_run_id IS NULL THEN now() END,
    worker_id = NULL, status_reason = 'its worker stopped' || ${sayUndecided('h.ask')}, status_actor = 'collector',
    error_type = CASE WHEN h.ask IS NOT NULL THEN 'WorkerStopped' END,
    error_message = CASE WHEN h.ask IS NOT NULL THEN 'its worker stopped' || ${sayUndecided('h.ask')} END,
    failed_step = h.ask, ended_at = CASE WHEN h.ask IS NOT NULL THEN now() END
  FROM held h WHERE r.id = h.id
  RETURNING r.*
), execution AS (
  UPDATE executions e SET ended_at = now(), outcome = CASE run.status WHEN 'crashed' THEN 'crashed' ELSE 'paused' END FROM run WHERE e.run_id = run.id AND e.number = run.execution
), event AS (${logStatus('run')})
SELECT ${runColumns('run')} FROM run`

/** A worker that stops cleanly hands back what it held: queued at once for another. */
export async function releaseRuns(db: Queryable, projectId: string, workerId: string): Promise<RunRow[]> {
  const { rows } = await db.query<RunRow>({ name: 'release-runs', text: SQL, values: [projectId, workerId] })
  return rows
}
