import type { Queryable } from '../queryable.ts'

const CHAIN = `
WITH RECURSIVE up AS (
  SELECT id, parent_run_id FROM runs WHERE project_id = $1 AND id = $2
  UNION ALL
  SELECT r.id, r.parent_run_id FROM runs r JOIN up ON r.id = up.parent_run_id
)
SELECT r.id FROM runs r JOIN up ON up.id = r.id ORDER BY r.id FOR NO KEY UPDATE OF r`

const WAKE = `
WITH RECURSIVE tree AS (
  SELECT id FROM runs WHERE id = ANY($1::uuid[]) AND parent_run_id IS NULL AND status = 'waiting'
  UNION ALL
  SELECT r.id FROM runs r JOIN tree ON r.parent_run_id = tree.id
)
UPDATE runs SET ready_at = now()
WHERE id = ANY($1::uuid[]) AND parent_run_id IS NULL AND status = 'waiting' AND EXISTS (
  SELECT FROM tree JOIN signals s ON s.run_id = tree.id AND s.consumed_by IS NULL
  JOIN steps w ON w.run_id = tree.id AND w.kind = 'signal' AND w.status = 'started' AND w.name = 'signal/' || s.name)
RETURNING agent`

/** Locks a run and those that called it, in the order in which everybody locks. Gives their ids. */
export async function lockRunAndParents(db: Queryable, projectId: string, runId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({ name: 'lock-run-and-parents', text: CHAIN, values: [projectId, runId] })
  return rows.map((run) => run.id)
}

/**
 * Makes waiting runs due if a signal that they, or children of theirs, wait for has come in. A child has no turn of its own: who is
 * woken is the run at the top. The caller has locked the runs in an earlier statement of its transaction: whoever lets a run go and
 * whoever stores a signal come one after the other, and the later one sees what the earlier one did.
 * @returns the agents to announce
 */
export async function wakeRuns(db: Queryable, runIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ agent: string }>({ name: 'wake-runs', text: WAKE, values: [runIds] })
  return rows.map((run) => run.agent)
}
