import type { ClickHouseClient } from '../client.ts'

/** A row of `runs`, a copy of Postgres'. Times are RFC 3339. */
export interface RunRow {
  readonly project_id: string
  readonly run_id: string
  readonly trace_id: string
  readonly agent: string
  readonly agent_version: string
  readonly status: string
  readonly executions: number
  readonly created_at: string
  readonly started_at: string | null
  readonly ended_at: string | null
  readonly session_id: string
  readonly user_id: string
  readonly tags: readonly string[]
  readonly parent_run_id: string
  readonly failed_step: string
  readonly error_type: string
  readonly error_message: string
  readonly error_group: string
  /** Milliseconds of its executions, those that have ended. */
  readonly active_ms: number
  /** US dollars as a decimal string. */
  readonly saved_usd: string
  /** Sequence number of the event after which it was copied. */
  readonly version: number
}

/** Inserting the same version of a run again changes nothing. */
export async function insertRuns(client: ClickHouseClient, rows: readonly RunRow[]): Promise<void> {
  if (rows.length === 0) return
  await client.insert({ table: 'runs', values: [...rows], format: 'JSONEachRow' })
}
