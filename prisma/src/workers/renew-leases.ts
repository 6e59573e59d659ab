import type { Queryable } from '../queryable.ts'

/** Renews the lease of one worker of the project; false if it is gone. */
export async function renewLease(db: Queryable, lease: { projectId: string; workerId: string; leaseMs: number }): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'renew-lease',
    text: `UPDATE workers SET last_seen_at = now(), lease_until = now() + $3 * interval '1 millisecond'
           WHERE project_id = $1 AND id = $2 AND ended_at IS NULL`,
    values: [lease.projectId, lease.workerId, lease.leaseMs],
  })
  return rowCount === 1
}

/** Renews the leases of live workers, all in one statement; gives the ids that are still alive. */
export async function renewLeases(db: Queryable, workerIds: readonly string[], leaseMs: number): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: 'renew-leases',
    text: `UPDATE workers SET last_seen_at = now(), lease_until = now() + $2 * interval '1 millisecond'
           WHERE id = ANY($1::text[]) AND ended_at IS NULL RETURNING id`,
    values: [workerIds, leaseMs],
  })
  return new Set(rows.map((row) => row.id))
}
