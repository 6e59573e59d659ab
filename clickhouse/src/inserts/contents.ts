import type { ClickHouseClient } from '../client.ts'
import { insertNative } from '../native/insert-native.ts'
import { NativeEncoder, type NativeRow } from '../native/native-block.ts'

const CONTENTS = {
  project_id: 'UUID',
  /** Session id, else trace id. */
  scope_id: 'String',
  /** First 128 bits of SHA-256 of the text, as 32 hexadecimal digits. */
  hash: 'FixedString(32)',
  /** JSON. */
  text: 'String',
} as const

/** A row of `contents`. */
export type ContentRow = NativeRow<typeof CONTENTS>

const encoder = new NativeEncoder(CONTENTS)

/** Inserting the same content again changes nothing. */
export async function insertContents(client: ClickHouseClient, rows: readonly ContentRow[], token: string): Promise<void> {
  if (rows.length > 0) await insertNative(client, { table: 'contents', block: encoder.encode(rows), token })
}
