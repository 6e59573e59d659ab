import type { Queryable } from '../queryable.ts'
import { controlled, logStatus, type RunRow, runColumns } from './run-row.ts'
import { sayUndecided, undecidedStep } from './undecided-step.ts'

// A cancel or pause that the worker has not obeyed yet is obeyed here.
const SQL = `
WITH held AS (
  SELECT r.id, ask.key AS ask FROM runs r LEFT JOIN LATERAL (${undecidedStep('r')}) AS ask ON true
  WHERE r.project_id = $1 AND r.worker_id = $2 AND r.status = 'running'
  ORDER BY r.id FOR UPDATE OF r
), run AS (
  UPDATE runs r SET
    status = CASE WHEN r.control IS NOT NULL THEN ${controlled('r')} WHEN h.ask IS NOT NULL THEN 'crashed'
      WHEN r.parent_run_id IS NULL THEN 'queued' ELSE 'paused' END,
    ready_at = CASE WHEN r.control IS NULL AND h.ask IS NULL AND r.parent_run_id IS NULL THEN now() END,
    status_reason = CASE WHEN r.control IS NULL THEN 'its worker stopped' || ${sayUndecided('h.ask')} ELSE r.status_reason END,
    status_actor = CASE WHEN r.control IS NULL THEN 'collector' ELSE r.status_actor END,
    error_type = CASE WHEN r.control IS NULL AND h.ask IS NOT NULL THEN 'WorkerStopped' END,
    error_message = CASE WHEN r.control IS NULL AND h.ask IS NOT NULL THEN 'its worker stopped' || ${sayUndecided('h.ask')} END,
    failed_step = h.ask, ended_at = CASE WHEN r.control IS NOT NULL OR h.ask IS NOT NULL THEN now() END, worker_id = NULL, control = NULL
  FROM held h WHERE r.id = h.id
  RETURNING r.*
), execution AS (
  UPDATE executions e SET ended_at = now(), outcome = CASE run.status WHEN 'queued' THEN 'paused' ELSE run.status END FROM run WHERE e.run_id = run.id AND e.number = run.execution
), event AS (${logStatus('run')})
SELECT ${runColumns('run')} FROM run`

/** A worker that stops cleanly hands back what it held: queued at once for another. */
export async function releaseRuns(db: Queryable, projectId: string, workerId: string): Promise<RunRow[]> {
  const { rows } = await db.query<RunRow>({ name: 'release-runs', text: SQL, values: [projectId, workerId] })
  return rows
}
