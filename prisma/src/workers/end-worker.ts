import type { Queryable } from '../queryable.ts'

export interface EndedWorker {
  readonly id: string
  readonly projectId: string
  readonly hostname: string
  readonly pid: number
}

const RETURNING = 'RETURNING id, project_id AS "projectId", hostname, pid'

/** Notes that a worker is gone. Undefined if that was known: somebody else deals with its runs. */
export async function endWorker(db: Queryable, id: string, reason: 'goodbye' | 'lost'): Promise<EndedWorker | undefined> {
  const { rows } = await db.query<EndedWorker>({
    name: 'end-worker',
    text: `UPDATE workers SET ended_at = now(), end_reason = $2 WHERE id = $1 AND ended_at IS NULL ${RETURNING}`,
    values: [id, reason],
  })
  return rows[0]
}

/** Ends the workers whose lease has run out, by Postgres' clock. */
export async function expireWorkers(db: Queryable): Promise<EndedWorker[]> {
  const { rows } = await db.query<EndedWorker>({
    name: 'expire-workers',
    text: `UPDATE workers SET ended_at = now(), end_reason = 'expired' WHERE ended_at IS NULL AND lease_until < now() ${RETURNING}`,
  })
  return rows
}
