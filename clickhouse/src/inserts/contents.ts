import type { NativeRow } from '../native/native-block.ts'

export const CONTENTS = {
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
