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
    text: `(SELECT seq, type, execution, data, ${utc('at', 'at')} FROM run_events
       WHERE run_id = $1 AND seq > $2 AND type <> 'saved' ORDER BY seq LIMIT $3)
      UNION ALL
      (SELECT seq, 'step', execution, jsonb_build_object('key', key, 'kind', kind, 'status', status)::text,
         ${utc('coalesce(ended_at, started_at)', 'at')}
       FROM steps WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3)
      ORDER BY seq LIMIT $3`,
    values: [options.runId, options.afterSeq, options.limit],
  })
  return rows
}
