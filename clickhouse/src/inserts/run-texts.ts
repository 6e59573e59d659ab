import type { ClickHouseClient } from '../client.ts'

/** What a search finds a run by. */
export interface RunTextRow {
  readonly project_id: string
  readonly run_id: string
  readonly trace_id: string
  /** RFC 3339. */
  readonly created_at: string
  readonly text: string
  readonly version: number
}

/** Inserting the same version again changes nothing. */
export async function insertRunTexts(client: ClickHouseClient, rows: readonly RunTextRow[]): Promise<void> {
  if (rows.length === 0) return
  await client.insert({ table: 'run_texts', values: [...rows], format: 'JSONEachRow' })
}
