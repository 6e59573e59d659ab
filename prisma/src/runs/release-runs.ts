import type { Queryable } from '../queryable.ts'
import { logStatus, type RunRow, runColumns } from './run-row.ts'

const SQL = `
WITH run AS (
  UPDATE runs SET status = CASE WHEN parent_run_id IS NULL THEN 'queued' ELSE 'paused' END,
    ready_at = CASE WHEN parent_run_id IS NULL THEN now() END,
    worker_id = NULL, status_reason = 'its worker stopped', status_actor = 'collector'
  WHERE project_id = $1 AND worker_id = $2 AND status = 'running'
  RETURNING *
), execution AS (
  UPDATE executions e SET ended_at = now(), outcome = 'paused' FROM run WHERE e.run_id = run.id AND e.number = run.execution
), event AS (${logStatus('run')})
SELECT ${runColumns('run')} FROM run`

/** A worker that stops cleanly hands back what it held: queued at once for another. */
export async function releaseRuns(db: Queryable, projectId: string, workerId: string): Promise<RunRow[]> {
  const { rows } = await db.query<RunRow>({ name: 'release-runs', text: SQL, values: [projectId, workerId] })
  return rows
}
