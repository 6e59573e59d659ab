import type { Queryable } from '../queryable.ts'

export interface WorkerHello {
  readonly id: string
  readonly projectId: string
  /** ServedAgent[] as JSON text. */
  readonly agents: string
  readonly capacity: number
  readonly hostname: string
  readonly pid: number
  readonly sdkVersion: string
  readonly leaseMs: number
}

/** Notes a worker and gives it a lease from now, by Postgres' clock. False if this id was a worker that is gone. */
export async function upsertWorker(db: Queryable, hello: WorkerHello): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'upsert-worker',
    text: `INSERT INTO workers (id, project_id, agents, capacity, hostname, pid, sdk_version, lease_until)
      VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7, now() + $8 * interval '1 millisecond')
      ON CONFLICT (id) DO UPDATE SET agents = excluded.agents, capacity = excluded.capacity, hostname = excluded.hostname,
        pid = excluded.pid, sdk_version = excluded.sdk_version, last_seen_at = now(), lease_until = excluded.lease_until
        WHERE workers.project_id = excluded.project_id AND workers.ended_at IS NULL`,
    values: [hello.id, hello.projectId, hello.agents, hello.capacity, hello.hostname, hello.pid, hello.sdkVersion, hello.leaseMs],
  })
  return rowCount === 1
}

/** A worker that claims before it has said hello gets a lease too, so that its death is seen. */
export async function ensureWorker(
  db: Queryable,
  worker: { id: string; projectId: string; agents: string; leaseMs: number },
): Promise<boolean> {
  const { rows } = await db.query<{ alive: boolean }>({
    name: 'ensure-worker',
    text: `WITH made AS (
        INSERT INTO workers (id, project_id, agents, capacity, hostname, pid, sdk_version, lease_until)
        VALUES ($1, $2, $3::jsonb, 1, '', 0, '', now() + $4 * interval '1 millisecond')
        ON CONFLICT (id) DO NOTHING RETURNING true AS alive
      )
      SELECT alive FROM made
      UNION ALL SELECT ended_at IS NULL FROM workers WHERE id = $1 AND project_id = $2`,
    values: [worker.id, worker.projectId, worker.agents, worker.leaseMs],
  })
  return rows[0]?.alive ?? false
}
