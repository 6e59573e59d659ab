import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

export interface ExecutionRow {
  readonly runId: string
  readonly number: number
  readonly workerId: string | null
  readonly version: string | null
  readonly codeRevision: string | null
  readonly rootSpanId: string | null
  readonly actor: string | null
  readonly reason: string | null
  readonly replayedSteps: number
  /** US dollars as a decimal string. */
  readonly savedUsd: string | null
  readonly startedAt: string
  readonly endedAt: string | null
  readonly outcome: string | null
}

/** All executions of some runs, by number. */
export async function listExecutions(db: Queryable, runIds: readonly string[]): Promise<ExecutionRow[]> {
  const { rows } = await db.query<ExecutionRow>({
    name: 'list-executions',
    text: `SELECT run_id AS "runId", number, worker_id AS "workerId", version, code_revision AS "codeRevision",
             root_span_id AS "rootSpanId", actor, reason, replayed_steps AS "replayedSteps", saved_usd::text AS "savedUsd",
             ${utc('started_at', 'startedAt')}, ${utc('ended_at', 'endedAt')}, outcome
           FROM executions WHERE run_id = ANY($1::uuid[]) ORDER BY run_id, number`,
    values: [runIds],
  })
  return rows
}
