import type { Queryable } from '../queryable.ts'

export interface PendingControl {
  readonly workerId: string
  readonly runId: string
  readonly execution: number
  readonly control: 'pause' | 'cancel'
}

/** What people asked of runs that these workers hold and have not obeyed yet. */
export async function listPendingControls(db: Queryable, workerIds: readonly string[]): Promise<PendingControl[]> {
  const { rows } = await db.query<PendingControl>({
    name: 'list-pending-controls',
    text: `SELECT worker_id AS "workerId", id AS "runId", execution, control FROM runs
           WHERE worker_id = ANY($1::text[]) AND status = 'running' AND control IS NOT NULL LIMIT 10000`,
    values: [workerIds],
  })
  return rows
}
