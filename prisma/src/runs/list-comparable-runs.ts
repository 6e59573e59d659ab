import type { Queryable } from '../queryable.ts'
import { type RunRow, runColumns } from './run-row.ts'

/** Enough of an input to tell whether two are alike. */
const INPUT_CHARS = 4_000

export interface ComparableRun extends RunRow {
  /** The beginning of its JSON text; null: none, or too large. */
  readonly inputStart: string | null
}

/** The newest runs of the same agent that succeeded, with the beginnings of their inputs; at most `limit`. */
export async function listGoodRunsLike(db: Queryable, run: RunRow, limit: number): Promise<ComparableRun[]> {
  const { rows } = await db.query<ComparableRun>({
    name: 'list-good-runs-like',
    text: `SELECT ${runColumns('r')}, left(v.input, ${INPUT_CHARS}) AS "inputStart"
      FROM runs r LEFT JOIN run_values v ON v.run_id = r.id
      WHERE r.project_id = $1 AND r.status = 'succeeded' AND r.agent = $2 AND r.id <> $3 AND (r.parent_run_id IS NULL) = $4
      ORDER BY r.created_at DESC LIMIT $5`,
    values: [run.projectId, run.agent, run.id, run.parentRunId === null, limit],
  })
  return rows
}

/** The beginning of a run's input. */
export async function getInputStart(db: Queryable, runId: string): Promise<string | null> {
  const { rows } = await db.query<{ input: string | null }>({
    name: 'get-input-start',
    text: `SELECT left(input, ${INPUT_CHARS}) AS input FROM run_values WHERE run_id = $1`,
    values: [runId],
  })
  return rows[0]?.input ?? null
}

/** The newest runs that were forked from one. */
export async function listForks(db: Queryable, run: RunRow, limit: number): Promise<RunRow[]> {
  const { rows } = await db.query<RunRow>({
    name: 'list-forks',
    text: `SELECT ${runColumns('r')} FROM runs r WHERE r.project_id = $1 AND r.forked_from_run_id = $2 ORDER BY r.created_at DESC LIMIT $3`,
    values: [run.projectId, run.id, limit],
  })
  return rows
}
