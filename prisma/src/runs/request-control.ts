import type { Queryable } from '../queryable.ts'
import { logStatus, type RunRow, runColumns } from './run-row.ts'

// A running run is told (its worker obeys with the next checkpoint, or at once over its socket); a run without a worker changes here.
const SQL = `
WITH run AS (
  UPDATE runs SET
    control = CASE WHEN status = 'running' THEN $3 END,
    status = CASE WHEN status = 'running' THEN status WHEN $3 = 'cancel' THEN 'cancelled' ELSE 'paused' END,
    ready_at = NULL, status_actor = $4, status_reason = $5,
    ended_at = CASE WHEN status = 'running' THEN ended_at ELSE now() END
  WHERE project_id = $1 AND id = $2 AND (status IN ('queued', 'running', 'waiting')
    OR ($3 = 'cancel' AND status IN ('paused', 'crashed', 'failed')) OR ($3 = 'pause' AND status = 'crashed'))
  RETURNING *
), event AS (${logStatus('(SELECT * FROM run WHERE control IS NULL) AS changed')})
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
