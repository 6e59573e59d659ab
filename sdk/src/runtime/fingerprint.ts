import { createHash } from 'node:crypto'
import { encodeValue, type JsonValue } from '../protocol/values.ts'

/** Short hash of a step's input: equal for values that are equal, whatever the order of their keys. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(canonical(encodeValue(value)))
    .digest('base64url')
    .slice(0, 22)
}

function canonical(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`)
  return `{${entries.join(',')}}`
}
