import type { Queryable } from '../queryable.ts'

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
