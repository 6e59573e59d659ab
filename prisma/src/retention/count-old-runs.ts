import type { Queryable } from '../queryable.ts'
import type { Retention } from './retention.ts'

/** Runs that would go, by their status; `oldest` is the end of the first of all that are kept now. */
export interface OldRuns {
  readonly succeeded: number
  readonly other: number
  readonly oldest: string | null
}

/** How many runs at the top are past their time under a retention: what they called goes with them. */
export async function countOldRuns(db: Queryable, projectId: string, { succeededDays, otherDays }: Retention): Promise<OldRuns> {
  const { rows } = await db.query<OldRuns>({
    name: 'count-old-runs',
    text: `SELECT count(*) FILTER (WHERE status = 'succeeded' AND ended_at < now() - $2 * interval '1 day')::int AS succeeded,
        count(*) FILTER (WHERE status <> 'succeeded' AND ended_at < now() - $3 * interval '1 day')::int AS other,
        to_char(min(ended_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS oldest
      FROM runs WHERE project_id = $1 AND parent_run_id IS NULL AND status IN ('succeeded', 'failed', 'crashed', 'cancelled')
        AND ready_at IS NULL`,
    values: [projectId, succeededDays, otherDays],
  })
  return rows[0] ?? { succeeded: 0, other: 0, oldest: null }
}
