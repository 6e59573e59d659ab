import type { Queryable } from '../queryable.ts'
import { logStatus, type RunRow, runColumns } from './run-row.ts'

export interface ServedAgentRow {
  readonly name: string
  /** Versions the worker can run; the first is recorded where none was asked for. */
  readonly versions: readonly string[]
  readonly codeRevision: string | null
  readonly steps: number | null
  /** Null leaves what the run has. */
  readonly recovery: { readonly mode: string; readonly maxAttempts: number; readonly backoffMs: number } | null
  /** `version`: a run goes on only in the version that it began in. */
  readonly pin?: 'version' | undefined
  readonly limits?: AgentLimits | undefined
}

/** How many runs of an agent may go on and begin, over all workers; null: as many as come. */
export interface AgentLimits {
  /** Runs at the same time, for each concurrency key. */
  readonly concurrency: number | null
  /** Starts in a period, for each rate limit key: so many at once, then evenly. */
  readonly rate: { readonly limit: number; readonly periodMs: number } | null
}

export interface ClaimOptions {
  readonly projectId: string
  readonly workerId: string
  readonly agents: readonly ServedAgentRow[]
  readonly limit: number
  /** Just this run: how a parent takes its child over. */
  readonly runId: string | null
}

/** SQL of the agents asked for ($3), a row each; none for a worker ($2) that is gone: its claim may have waited here for longer than it lived. */
export const servedAgents = `
  SELECT * FROM jsonb_to_recordset($3::jsonb) AS s(name text, versions jsonb, "codeRevision" text, steps int, mode text,
    "maxAttempts" int, "backoffMs" int, pin boolean, "concurrency" int, "rateLimit" int, "ratePeriodMs" float8)
  WHERE NOT EXISTS (SELECT FROM workers w WHERE w.id = $2 AND w.ended_at IS NOT NULL)`

/** SQL of whether the versions that a worker serves of an agent may go on with a run: `r` and `s`. What a person asked for wins. */
export const servable = `(r.requested_version IS NULL OR s.versions ? r.requested_version)
  AND (s.pin IS NOT TRUE OR r.execution = 0 OR r.requested_version IS NOT NULL OR s.versions ? r.version)`

/** SQL of a claim once \`due\` has the ids of the runs with what their worker said of their agent. */
// The run and its fencing token change in one statement: whoever held it before is stale from here on.
export const takeDue = `
run AS (
  UPDATE runs r SET status = 'running', execution = r.execution + 1, ready_at = NULL, worker_id = $2, control = NULL,
    version = coalesce(r.requested_version, CASE WHEN d.pin AND r.execution > 0 THEN r.version END, d.versions ->> 0), requested_version = NULL,
    recovery_mode = coalesce(d.mode, r.recovery_mode),
    recovery_max_attempts = coalesce(d."maxAttempts", r.recovery_max_attempts),
    recovery_backoff_ms = coalesce(d."backoffMs", r.recovery_backoff_ms),
    steps_total = coalesce(d.steps, r.steps_total),
    error_type = NULL, error_message = NULL, error_group = NULL, failed_step = NULL,
    started_at = coalesce(r.started_at, now()), ended_at = NULL
  FROM due d WHERE r.id = d.id
  RETURNING r.*, d."codeRevision"
), execution AS (
  INSERT INTO executions (run_id, number, worker_id, version, code_revision, actor, reason, replayed_steps)
  SELECT id, execution, worker_id, version, "codeRevision", status_actor, status_reason,
    (SELECT count(*) FROM steps s WHERE s.run_id = run.id AND s.status = 'succeeded')
  FROM run
), event AS (${logStatus('run')})
SELECT ${runColumns('run')} FROM run`

// The first of each agent in the order of the index, however long the backlog, and enough of them that those which others
// claim at this moment can be skipped.
// A named run may be taken in any state but running and succeeded; others must be due, and children wait for their parent.
const SQL = `
WITH served AS (${servedAgents}
), candidate AS (
  SELECT r.id FROM served s CROSS JOIN LATERAL (
    SELECT r.id FROM runs r
    WHERE r.project_id = $1 AND r.agent = s.name AND r.ready_at <= now() AND r.parent_run_id IS NULL
      AND ${servable}
    ORDER BY r.priority DESC, r.ready_at LIMIT 4 * $4 + 50
  ) AS r WHERE $5::uuid IS NULL
), due AS (
  SELECT r.id, s.* FROM runs r JOIN served s ON s.name = r.agent
  WHERE r.project_id = $1 AND r.id = ANY(ARRAY(SELECT id FROM candidate UNION ALL SELECT $5::uuid))
    AND ${servable}
    AND CASE WHEN $5::uuid IS NULL
      THEN r.ready_at <= now() AND r.parent_run_id IS NULL
      ELSE r.id = $5 AND r.status NOT IN ('running', 'succeeded') END
  ORDER BY r.priority DESC, r.ready_at LIMIT $4
  FOR UPDATE OF r SKIP LOCKED
), ${takeDue}`

/** As the statements take them. */
export const toServedJson = (agents: readonly ServedAgentRow[]): string =>
  JSON.stringify(
    agents.map(({ name, versions, codeRevision, steps, recovery, pin, limits }) => ({
      name,
      versions,
      codeRevision,
      steps,
      mode: recovery?.mode ?? null,
      maxAttempts: recovery?.maxAttempts ?? null,
      backoffMs: recovery?.backoffMs ?? null,
      concurrency: limits?.concurrency ?? null,
      rateLimit: limits?.rate?.limit ?? null,
      pin: pin === 'version',
      ratePeriodMs: limits?.rate?.periodMs ?? null,
    })),
  )

/** Gives due runs to a worker, each as its next execution. Limits of agents are not looked at: see claimLimitedRuns. */
export async function claimRuns(db: Queryable, options: ClaimOptions): Promise<RunRow[]> {
  const { rows } = await db.query<RunRow>({
    name: 'claim-runs',
    text: SQL,
    values: [options.projectId, options.workerId, toServedJson(options.agents), options.limit, options.runId],
  })
  return rows
}
