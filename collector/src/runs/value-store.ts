import { getBlob, putBlob } from '@cairn/prisma'
import type { JsonValue } from '@cairn/sdk/protocol'
import { valueText } from '../http/parse.ts'

type Database = Parameters<typeof putBlob>[0]

/** Where a stored value lies: in the row, or in a blob named by its hash. */
export interface StoredValue {
  readonly text: string | null
  readonly blob: Buffer | null
}

const INLINE_CHARS = 64 * 1024

export const NO_VALUE: StoredValue = Object.freeze({ text: null, blob: null })

/** Puts a value where it belongs by its size. Large values are stored once a project. */
export async function storeValue(db: Database, projectId: string, value: JsonValue | undefined, field: string): Promise<StoredValue> {
  if (value === undefined) return NO_VALUE
  const text = valueText(value, field)
  if (text.length <= INLINE_CHARS) return { text, blob: null }
  return { text: null, blob: await putBlob(db, projectId, Buffer.from(text)) }
}

/** The value as it was stored; null where there is none. */
export async function loadValue(db: Database, projectId: string, stored: StoredValue): Promise<JsonValue> {
  if (stored.text !== null) return JSON.parse(stored.text)
  if (stored.blob === null) return null
  const bytes = await getBlob(db, projectId, stored.blob)
  return bytes === undefined ? null : JSON.parse(bytes.toString('utf8'))
}
