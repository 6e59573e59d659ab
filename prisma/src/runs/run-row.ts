/** A row of `runs` as the operations return it. Times are RFC 3339 in UTC with microseconds. */
export interface RunRow {
  readonly id: string
  readonly projectId: string
  readonly traceId: string
  readonly agent: string
  readonly version: string | null
  readonly status: string
  readonly execution: number
  readonly control: 'pause' | 'cancel' | null
  readonly statusReason: string | null
  readonly statusActor: string | null
  readonly workerId: string | null
  readonly stepsTotal: number | null
  readonly recoveryMode: 'auto' | 'manual'
  readonly priority: number
  readonly concurrencyKey: string | null
  readonly rateLimitKey: string | null
  readonly sessionId: string | null
  readonly userId: string | null
  readonly tags: string[]
  readonly parentRunId: string | null
  readonly parentStepKey: string | null
  readonly parentSpanId: string | null
  readonly forkedFromRunId: string | null
  readonly forkedFromStep: string | null
  readonly failedStep: string | null
  readonly errorType: string | null
  readonly errorMessage: string | null
  readonly errorGroup: string | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** RFC 3339 in UTC, whatever the session's time zone. */
export const utcText = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
export const utc = (column: string, alias: string) => `${utcText(column)} AS "${alias}"`

/** The columns of RunRow, of a table or CTE named `source`. */
export const runColumns = (source: string) => `
  ${source}.id, ${source}.project_id AS "projectId", ${source}.trace_id AS "traceId", ${source}.agent, ${source}.version,
  ${source}.status, ${source}.execution, ${source}.control, ${source}.status_reason AS "statusReason",
  ${source}.status_actor AS "statusActor", ${source}.worker_id AS "workerId", ${source}.steps_total AS "stepsTotal",
  ${source}.recovery_mode AS "recoveryMode", ${source}.priority,
  ${source}.concurrency_key AS "concurrencyKey", ${source}.rate_limit_key AS "rateLimitKey", ${source}.session_id AS "sessionId", ${source}.user_id AS "userId", ${source}.tags,
  ${source}.parent_run_id AS "parentRunId", ${source}.parent_step_key AS "parentStepKey", ${source}.parent_span_id AS "parentSpanId",
  ${source}.forked_from_run_id AS "forkedFromRunId", ${source}.forked_from_step AS "forkedFromStep",
  ${source}.failed_step AS "failedStep", ${source}.error_type AS "errorType", ${source}.error_message AS "errorMessage",
  ${source}.error_group AS "errorGroup", ${utc(`${source}.created_at`, 'createdAt')}, ${utc(`${source}.started_at`, 'startedAt')},
  ${utc(`${source}.ended_at`, 'endedAt')}`

/** SQL of the status that a run without a worker has by what a person asked of it. */
export const controlled = (run: string) => `CASE ${run}.control WHEN 'cancel' THEN 'cancelled' ELSE 'paused' END`

/**
 * The CTE that logs a status change of the rows of `source`; of a failure with what groups it: it is counted though the run goes on.
 * `isAsked`: somebody asked for it. What such a run failed with before is no new failure.
 */
export const logStatus = (source: string, { isAsked = false } = {}) => `
  INSERT INTO run_events (run_id, seq, execution, type, data)
  SELECT id, nextval('run_seq'), execution, 'status', (jsonb_build_object(
    'status', status, 'reason', status_reason, 'actor', status_actor,
    'error', CASE WHEN error_type IS NULL THEN NULL
      ELSE jsonb_build_object('type', error_type, 'message', coalesce(error_message, '')) END)
    ${
      isAsked
        ? ''
        : "|| CASE WHEN error_group IS NULL THEN '{}' ELSE jsonb_build_object('errorGroup', error_group, 'failedStep', failed_step) END"
    })::text
  FROM ${source}`
