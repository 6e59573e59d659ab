import type { Queryable } from '../queryable.ts'
import { controlled, logStatus, type RunRow, runColumns } from './run-row.ts'
import { sayUndecided, undecidedStep } from './undecided-step.ts'

export interface WorkerDeath {
  readonly projectId: string
  readonly workerId: string
  readonly reason: string
  /** Only these of its runs; all where it is left out. */
  readonly runIds?: readonly string[]
  /** Steps known to have been in flight: run id → step key. */
  readonly stepsInFlight: ReadonlyMap<string, string>
  /** Fingerprint of the crash: run id → group. */
  readonly errorGroups?: ReadonlyMap<string, string>
}

// Past the limit of crashes without a new checkpoint the run is paused as stalled: never a crash loop.
// What a person asked of it and its worker did not live to obey is obeyed here: a cancelled run must not come back.
// Locked in the order in which checkpoints lock, else both could wait for each other.
// A child is taken over by its parent's next execution, so it is never due by itself.
const SQL = `
WITH held AS (
  SELECT r.id, coalesce(f.step, ask.key) AS step, ask.key AS ask, g.error_group AS grouped,
    CASE WHEN EXISTS (SELECT FROM steps s WHERE s.run_id = r.id AND s.execution = r.execution AND s.status = 'succeeded')
      THEN 0 ELSE r.stalled_crashes + 1 END AS stalled
  FROM runs r LEFT JOIN unnest($4::uuid[], $5::text[]) AS f(run_id, step) ON f.run_id = r.id
  LEFT JOIN unnest($7::uuid[], $8::text[]) AS g(run_id, error_group) ON g.run_id = r.id
  LEFT JOIN LATERAL (${undecidedStep('r')}) AS ask ON true
  WHERE r.project_id = $1 AND r.worker_id = $2 AND r.status = 'running' AND ($6::uuid[] IS NULL OR r.id = ANY($6))
  ORDER BY r.id FOR UPDATE OF r
), run AS (
  UPDATE runs r SET
    status = CASE WHEN r.control IS NOT NULL THEN ${controlled('r')}
      WHEN r.recovery_mode = 'auto' AND r.parent_run_id IS NULL AND h.stalled >= r.recovery_max_attempts
      THEN 'paused' ELSE 'crashed' END,
    status_reason = CASE WHEN r.control IS NOT NULL THEN r.status_reason
      WHEN r.recovery_mode = 'auto' AND r.parent_run_id IS NULL AND h.stalled >= r.recovery_max_attempts
      THEN 'stalled: ' || h.stalled || ' crashes in a row without a new checkpoint' || coalesce(', suspect step ' || h.step, '')
      ELSE $3 || ${sayUndecided('h.ask')} END,
    status_actor = CASE WHEN r.control IS NULL THEN 'collector' ELSE r.status_actor END,
    stalled_crashes = h.stalled,
    ready_at = CASE WHEN r.recovery_mode = 'auto' AND r.parent_run_id IS NULL AND h.stalled < r.recovery_max_attempts AND h.ask IS NULL
        AND r.control IS NULL
      THEN now() + least(60000, r.recovery_backoff_ms * power(2, least(h.stalled, 16))) * interval '1 millisecond' END,
    error_type = CASE WHEN r.control IS NULL THEN 'WorkerLost' END, error_group = CASE WHEN r.control IS NULL THEN h.grouped END,
    error_message = CASE WHEN r.control IS NULL THEN $3 || ${sayUndecided('h.ask')} END, failed_step = h.step, worker_id = NULL, control = NULL, ended_at = now()
  FROM held h WHERE r.id = h.id
  RETURNING r.*
), execution AS (
  UPDATE executions e SET ended_at = now(), outcome = 'crashed' FROM run WHERE e.run_id = run.id AND e.number = run.execution
), event AS (${logStatus('run')})
SELECT ${runColumns('run')} FROM run`

/** Marks runs that a dead worker held as crashed, due again by their recovery policy. */
export async function crashRuns(db: Queryable, death: WorkerDeath): Promise<RunRow[]> {
  const { rows } = await db.query<RunRow>({
    name: 'crash-runs',
    text: SQL,
    values: [
      death.projectId,
      death.workerId,
      death.reason,
      [...death.stepsInFlight.keys()],
      [...death.stepsInFlight.values()],
      death.runIds ?? null,
      [...(death.errorGroups?.keys() ?? [])],
      [...(death.errorGroups?.values() ?? [])],
    ],
  })
  return rows
}
