import type { Queryable } from '../queryable.ts'

export interface AbandonedRun {
  readonly runId: string
  readonly workerId: string
  readonly projectId: string
  readonly workerEnded: boolean
}

/**
 * Runs that count as running and are executed by nobody. In a live worker which doesn't say that it holds them: the answer to its
 * claim was lost, or it gave them up; a claim younger than `olderThanMs` may still be on its way. Or in a worker that has ended:
 * a claim of its was stored after its burial, or who buried it died over that.
 */
export async function findAbandonedRuns(
  db: Queryable,
  options: { workerIds: readonly string[]; held: readonly { runId: string; execution: number }[]; olderThanMs: number },
): Promise<AbandonedRun[]> {
  const { rows } = await db.query<AbandonedRun>({
    name: 'find-abandoned-runs',
    text: `SELECT r.id AS "runId", r.worker_id AS "workerId", r.project_id AS "projectId", false AS "workerEnded"
      FROM runs r
      JOIN executions e ON e.run_id = r.id AND e.number = r.execution
      LEFT JOIN unnest($2::uuid[], $3::int[]) AS h(run_id, execution) ON h.run_id = r.id AND h.execution = r.execution
      WHERE r.worker_id = ANY($1::text[]) AND r.status = 'running' AND h.run_id IS NULL
        AND e.started_at < now() - $4 * interval '1 millisecond'
      UNION ALL
      SELECT r.id, r.worker_id, r.project_id, true FROM runs r JOIN workers w ON w.id = r.worker_id
      WHERE r.status = 'running' AND w.ended_at < now() - interval '2 seconds'`,
    values: [options.workerIds, options.held.map((run) => run.runId), options.held.map((run) => run.execution), options.olderThanMs],
  })
  return rows
}
