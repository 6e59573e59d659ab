import type { Queryable } from '../queryable.ts'

export interface EndedWorker {
  readonly id: string
  readonly projectId: string
  readonly hostname: string
  readonly pid: number
}

const RETURNING = 'RETURNING id, project_id AS "projectId", hostname, pid'

/**
 * Notes that a worker is gone. Undefined if that was known, and somebody else deals with its runs; or if it was seen within
 * `unseenForMs`: it is connected to another collector now.
 */
export async function endWorker(
  db: Queryable,
  { id, reason, unseenForMs = 0 }: { id: string; reason: 'goodbye' | 'lost'; unseenForMs?: number },
): Promise<EndedWorker | undefined> {
  const { rows } = await db.query<EndedWorker>({
    name: 'end-worker',
    text: `UPDATE workers SET ended_at = now(), end_reason = $2
      WHERE id = $1 AND ended_at IS NULL AND last_seen_at <= now() - $3 * interval '1 millisecond' ${RETURNING}`,
    values: [id, reason, unseenForMs],
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
