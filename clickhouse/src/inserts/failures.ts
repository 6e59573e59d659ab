import type { ClickHouseClient } from '../client.ts'

/** An execution of a run that failed or crashed. Times are RFC 3339. */
export interface FailureRow {
  readonly project_id: string
  readonly error_group: string
  readonly run_id: string
  readonly execution: number
  readonly trace_id: string
  readonly failed_at: string
  readonly began_at: string
  readonly agent: string
  readonly agent_version: string
  readonly step: string
  readonly error_type: string
  readonly error_message: string
  readonly session_id: string
  readonly user_id: string
  /** Sequence number of the event that it was copied from. */
  readonly version: number
}

/** Inserting a failure again changes nothing. */
export async function insertFailures(client: ClickHouseClient, rows: readonly FailureRow[]): Promise<void> {
  if (rows.length === 0) return
  await client.insert({ table: 'failures', values: [...rows], format: 'JSONEachRow' })
}
