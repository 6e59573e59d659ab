import type { Queryable } from '../queryable.ts'

/**
 * Gives the oldest signal of a name that no step has taken, or the one that this step took before: asking again is safe.
 * @returns its payload as JSON text; undefined while there is none
 */
export async function takeSignal(
  db: Queryable,
  options: { projectId: string; runId: string; execution: number; name: string; stepKey: string },
): Promise<string | undefined> {
  const { rows } = await db.query<{ payload: string }>({
    name: 'take-signal',
    text: `UPDATE signals SET consumed_by = $5 WHERE id = (
        SELECT s.id FROM signals s JOIN runs r ON r.id = s.run_id
        WHERE r.project_id = $1 AND r.id = $2 AND r.execution = $3 AND r.status = 'running' AND s.name = $4
          AND (s.consumed_by IS NULL OR s.consumed_by = $5)
        ORDER BY s.consumed_by NULLS LAST, s.created_at, s.id LIMIT 1 FOR UPDATE OF s SKIP LOCKED)
      RETURNING payload`,
    values: [options.projectId, options.runId, options.execution, options.name, options.stepKey],
  })
  return rows[0]?.payload
}
