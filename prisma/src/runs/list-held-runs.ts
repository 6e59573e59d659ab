import type { Queryable } from '../queryable.ts'

/** Runs that a worker executes, as far as Postgres knows. `runIds`: only these of them. */
export async function listHeldRuns(
  db: Queryable,
  { projectId, workerId, runIds = null }: { projectId: string; workerId: string; runIds?: readonly string[] | null | undefined },
): Promise<{ id: string; agent: string }[]> {
  const { rows } = await db.query<{ id: string; agent: string }>({
    name: 'list-held-runs',
    text: `SELECT id, agent FROM runs
      WHERE project_id = $1 AND worker_id = $2 AND status = 'running' AND ($3::uuid[] IS NULL OR id = ANY($3))`,
    values: [projectId, workerId, runIds],
  })
  return rows
}
