import type { Queryable } from '../queryable.ts'

/** Agents that have runs to claim right now, of every project. */
export async function listDueAgents(db: Queryable): Promise<{ readonly projectId: string; readonly agent: string }[]> {
  const { rows } = await db.query<{ projectId: string; agent: string }>({
    name: 'list-due-agents',
    text: `SELECT DISTINCT project_id AS "projectId", agent FROM runs
           WHERE ready_at IS NOT NULL AND ready_at <= now() AND parent_run_id IS NULL LIMIT 1000`,
  })
  return rows
}
