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
}

/** The workers of a project: alive ones, then those that ended in the last day, newest first; at most 200. */
export async function listWorkers(db: Queryable, projectId: string): Promise<WorkerRow[]> {
  const { rows } = await db.query<WorkerRow>({
    name: 'list-workers',
    text: `SELECT w.id, w.agents, w.capacity, w.hostname, w.pid, w.sdk_version AS "sdkVersion", ${utc('w.started_at', 'startedAt')},
        ${utc('w.last_seen_at', 'lastSeenAt')}, ${utc('w.ended_at', 'endedAt')}, w.end_reason AS "endReason",
        (SELECT count(*)::int FROM runs r WHERE r.project_id = $1 AND r.status = 'running' AND r.worker_id = w.id) AS "runsHeld"
      FROM workers w WHERE w.project_id = $1 AND (w.ended_at IS NULL OR w.ended_at > now() - interval '1 day')
      ORDER BY w.ended_at IS NOT NULL, w.started_at DESC LIMIT 200`,
    values: [projectId],
  })
  return rows
}
