import type { Queryable } from '../queryable.ts'
import { logStatus, type RunRow, runColumns } from './run-row.ts'

// A running run is told (its worker obeys with the next checkpoint, or at once over its socket); a run without a worker changes here,
// and its children, which nobody executes then, follow it.
const SQL = `
WITH RECURSIVE run AS (
  UPDATE runs SET
    -- Who was asked to cancel does so, whatever is asked after that.
    control = CASE WHEN status = 'running' THEN CASE WHEN control = 'cancel' THEN control ELSE $3 END END,
    status = CASE WHEN status = 'running' THEN status WHEN $3 = 'cancel' THEN 'cancelled' ELSE 'paused' END,
    ready_at = NULL, status_actor = $4, status_reason = $5,
    ended_at = CASE WHEN status = 'running' THEN ended_at ELSE now() END
  WHERE project_id = $1 AND id = $2 AND (status IN ('queued', 'running', 'waiting')
    OR ($3 = 'cancel' AND status IN ('paused', 'crashed', 'failed')) OR ($3 = 'pause' AND status = 'crashed'))
  RETURNING *
), below AS (
  SELECT id FROM run WHERE control IS NULL
  UNION ALL
  SELECT r.id FROM runs r JOIN below ON r.parent_run_id = below.id
), child AS (
  UPDATE runs r SET status = CASE $3 WHEN 'cancel' THEN 'cancelled' ELSE 'paused' END, ready_at = NULL, status_actor = $4, status_reason = $5,
    ended_at = now()
  FROM below WHERE r.id = below.id AND r.parent_run_id IS NOT NULL AND r.id <> $2
    AND (r.status IN ('queued', 'waiting', 'crashed') OR ($3 = 'cancel' AND r.status IN ('paused', 'failed')))
  RETURNING r.*
), event AS (${logStatus('(SELECT * FROM run WHERE control IS NULL UNION ALL SELECT * FROM child) AS changed', { isAsked: true })})
SELECT ${runColumns('run')} FROM run`

/** Asks a run to pause or cancel. Undefined if it has ended: nothing was changed. */
export async function requestControl(
  db: Queryable,
  request: { projectId: string; runId: string; control: 'pause' | 'cancel'; actor: string | null; reason: string | null },
): Promise<RunRow | undefined> {
  const { rows } = await db.query<RunRow>({
    name: 'request-control',
    text: SQL,
    values: [request.projectId, request.runId, request.control, request.actor, request.reason],
  })
  return rows[0]
}
