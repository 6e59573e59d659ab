import { utc } from '../runs/run-row.ts'

/** A row of `schedules` as the operations return it. Times are RFC 3339 in UTC with microseconds. */
export interface ScheduleRow {
  readonly projectId: string
  readonly name: string
  readonly agent: string
  readonly version: string | null
  readonly cron: string
  readonly timezone: string
  /** JSON text of the encoded value. */
  readonly input: string
  readonly priority: number
  readonly concurrencyKey: string | null
  readonly rateLimitKey: string | null
  readonly catchUp: boolean
  readonly paused: boolean
  readonly nextAt: string | null
  readonly lastAt: string | null
  readonly lastRunId: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** The columns of ScheduleRow, of a table named `s`. */
export const SCHEDULE_COLUMNS = `
  s.project_id AS "projectId", s.name, s.agent, s.version, s.cron, s.timezone, s.input, s.priority,
  s.concurrency_key AS "concurrencyKey", s.rate_limit_key AS "rateLimitKey", s.catch_up AS "catchUp", s.paused,
  ${utc('s.next_at', 'nextAt')}, ${utc('s.last_at', 'lastAt')}, s.last_run_id AS "lastRunId",
  ${utc('s.created_at', 'createdAt')}, ${utc('s.updated_at', 'updatedAt')}`
