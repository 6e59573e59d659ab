import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

export interface WorkerRow {
  readonly id: string
  readonly agents: unknown
  readonly capacity: number
  readonly hostname: string
  readonly pid: number
  readonly sdkVersion: string
  readonly startedAt: string
  readonly lastSeenAt: string
  readonly endedAt: string | null
  readonly endReason: string | null
  readonly runsHeld: number
  /** Some of those, the newest. */
  readonly heldRuns: { readonly id: string; readonly agent: string }[]
  /** Runs that crashed with it, and the last of them. */
  readonly runsCrashed: number
  readonly lastCrash: { readonly runId: string; readonly agent: string; readonly at: string } | null
}

const HELD_SHOWN = 5

/** The workers of a project: alive ones, then those that ended in the last day, newest first; at most 200. */
export async function listWorkers(db: Queryable, projectId: string): Promise<WorkerRow[]> {
  const { rows } = await db.query<WorkerRow>({
    name: 'list-workers',
    text: `SELECT w.id, w.agents, w.capacity, w.hostname, w.pid, w.sdk_version AS "sdkVersion", ${utc('w.started_at', 'startedAt')},
        ${utc('w.last_seen_at', 'lastSeenAt')}, ${utc('w.ended_at', 'endedAt')}, w.end_reason AS "endReason",
        (SELECT count(*)::int FROM runs r WHERE r.project_id = $1 AND r.status = 'running' AND r.worker_id = w.id) AS "runsHeld",
        ARRAY(SELECT json_build_object('id', r.id, 'agent', r.agent) FROM runs r
          WHERE r.project_id = $1 AND r.status = 'running' AND r.worker_id = w.id ORDER BY r.created_at DESC LIMIT ${HELD_SHOWN}) AS "heldRuns",
        (SELECT count(*)::int FROM executions e JOIN runs r ON r.id = e.run_id
          WHERE e.worker_id = w.id AND e.outcome = 'crashed' AND r.project_id = $1) AS "runsCrashed",
        (SELECT json_build_object('runId', r.id, 'agent', r.agent,
            'at', to_char(e.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
          FROM executions e JOIN runs r ON r.id = e.run_id
          WHERE e.worker_id = w.id AND e.outcome = 'crashed' AND r.project_id = $1 ORDER BY e.ended_at DESC LIMIT 1) AS "lastCrash"
      FROM workers w WHERE w.project_id = $1 AND (w.ended_at IS NULL OR w.ended_at > now() - interval '1 day')
      ORDER BY w.ended_at IS NOT NULL, w.started_at DESC LIMIT 200`,
    values: [projectId],
  })
  return rows
}
