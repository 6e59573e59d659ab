import type { ClickHouseClient } from '../client.ts'
import { once } from './once.ts'

/** A row of `contents`. */
export interface ContentRow {
  readonly project_id: string
  /** Session id, else trace id. */
  readonly scope_id: string
  /** First 128 bits of SHA-256 of the text, as 32 hexadecimal digits. */
  readonly hash: string
  /** JSON. */
  readonly text: string
}

/** Inserting the same content again changes nothing. */
export async function insertContents(client: ClickHouseClient, rows: readonly ContentRow[], token: string): Promise<void> {
  if (rows.length === 0) return
  await client.insert({ table: 'contents', values: [...rows], format: 'JSONEachRow', clickhouse_settings: once(token) })
}
