import type { JsonValue } from '@cairn/sdk/protocol'
import type { Attributes, AttributeValue } from '../otlp/types.ts'

/** An attribute as JSON; what JSON lacks (64-bit integers, bytes, NaN) is tagged as the protocol's values are. */
export function toJson(value: AttributeValue): JsonValue {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? value : value.toWellFormed()
    case 'number':
      return Number.isFinite(value) ? value : { $cairn: 'number', v: String(value) }
    case 'boolean':
      return value
    case 'bigint':
      return { $cairn: 'bigint', v: value.toString() }
    default:
      if (value === null) return null
      if (Array.isArray(value)) return value.map(toJson)
      if (value instanceof Map) return mapToJson(value)
      return { $cairn: 'bytes', v: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
  }
}

/** `fromEntries` defines own properties, so a key such as `__proto__` is a key. */
export function mapToJson(attributes: Attributes): Record<string, JsonValue> {
  const entries: [string, JsonValue][] = []
  for (const [key, value] of attributes) entries.push([key.toWellFormed(), toJson(value)])
  return Object.fromEntries(entries)
}

const MOST_REMEMBERED = 20_000
const writtenKeys = new Map<string, string>()

/** A key as JSON, with its colon. Keys are few and repeat. */
function writeKey(key: string): string {
  const known = writtenKeys.get(key)
  if (known !== undefined) return known
  if (writtenKeys.size >= MOST_REMEMBERED) writtenKeys.clear()
  const written = `${JSON.stringify(key.toWellFormed())}:`
  writtenKeys.set(key, written)
  return written
}

/**
 * The text of `mapToJson`'s object, without making it: every span has its attributes written out.
 * @param writeOtherwise the JSON of a value that is not to be written as it is; undefined for all others
 */
export function writeAttributes(attributes: Attributes, writeOtherwise?: (value: AttributeValue) => string | undefined): string {
  let text = ''
  for (const [key, value] of attributes) {
    text += text === '' ? '{' : ','
    text +=
      writeKey(key) + (writeOtherwise?.(value) ?? JSON.stringify(typeof value === 'string' && value.isWellFormed() ? value : toJson(value)))
  }
  return text === '' ? '{}' : `${text}}`
}

const DEEPEST_JSON = 400

/** Whether a text opens so many brackets within each other that what is made of it could not be written again. */
function isTooDeep(text: string): boolean {
  if (text.length < DEEPEST_JSON * 2) return false
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // [ { and ] }
    if (code === 0x5b || code === 0x7b) {
      depth += 1
      if (depth > DEEPEST_JSON) return true
    } else if ((code === 0x5d || code === 0x7d) && depth > 0) depth -= 1
  }
  return false
}

/** Text that is JSON of a list, an object or a string as that; else the value as it is. */
export function parseJsonText(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value
  const first = value.trimStart().charCodeAt(0)
  // { [ "
  if ((first !== 0x7b && first !== 0x5b && first !== 0x22) || isTooDeep(value)) return value.toWellFormed()
  try {
    // An escaped half of a pair ("\\ud800") is JSON and no text; the stores take text.
    return value.includes('\\ud') || !value.isWellFormed()
      ? JSON.parse(value, (_key, inner: unknown) => (typeof inner === 'string' ? inner.toWellFormed() : inner))
      : JSON.parse(value)
  } catch {
    return value.toWellFormed()
  }
}

export function isJsonObject(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
