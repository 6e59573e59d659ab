import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

export interface EventRow {
  readonly seq: number
  readonly type: string
  readonly execution: number
  /** JSON text of the event's own fields. */
  readonly data: string
  readonly at: string
}

/**
 * What happened to a run after `afterSeq`: status changes, emitted items, signals, and its steps, in one order.
 * A step that ran again stands where its last outcome was stored.
 */
export async function listEvents(db: Queryable, options: { runId: string; afterSeq: number; limit: number }): Promise<EventRow[]> {
  const { rows } = await db.query<EventRow>({
    name: 'list-events',
    text: `(SELECT seq, type, execution, data, ${utc('at', 'at')} FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3)
      UNION ALL
      (SELECT seq, 'step', execution, jsonb_build_object('key', key, 'kind', kind, 'status', status)::text,
         ${utc('coalesce(ended_at, started_at)', 'at')}
       FROM steps WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3)
      ORDER BY seq LIMIT $3`,
    values: [options.runId, options.afterSeq, options.limit],
  })
  return rows
}

export interface ChangedRun {
  readonly runId: string
  readonly projectId: string
  readonly seq: number
}

/** Runs whose status changed after `afterSeq`, for copying them to ClickHouse: the newest sequence number of each. */
export async function listChangedRuns(db: Queryable, options: { afterSeq: number; limit: number }): Promise<ChangedRun[]> {
  const { rows } = await db.query<ChangedRun>({
    name: 'list-changed-runs',
    text: `SELECT e.run_id AS "runId", r.project_id AS "projectId", max(e.seq)::bigint AS seq
      FROM (SELECT run_id, seq FROM run_events WHERE seq > $1 AND type = 'status' ORDER BY seq LIMIT $2) AS e
      JOIN runs r ON r.id = e.run_id GROUP BY e.run_id, r.project_id ORDER BY seq`,
    values: [options.afterSeq, options.limit],
  })
  return rows
}
