import { IngestError } from '../errors.ts'
import type { Attributes, AttributeValue } from './types.ts'

export type JsonObject = Record<string, unknown>

const MAX_DEPTH = 100

export function asObject(value: unknown, field: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new IngestError('malformed', `In the body, ${field} must be an object.`)
}

/** null and a missing field are the empty list, as in protobuf's JSON. */
export function asArray(value: unknown, field: string): unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  throw new IngestError('malformed', `In the body, ${field} must be an array.`)
}

export function readJsonString(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  throw new IngestError('malformed', `In the body, ${shown(value)} stands where a string must be.`)
}

/** For a message: an object may have a `toString` of its own. */
const shown = (value: unknown): string => JSON.stringify(typeof value === 'object' ? 'an object' : String(value))

/** Objects are no numbers, whatever their `valueOf`. */
const toNumber = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint' ? Number(value) : Number.NaN

/** Ids that aren't hexadecimal come back as they are, so that their span is refused and not the request. */
export function readJsonId(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

export function readJsonNumber(value: unknown): number {
  const number = toNumber(value ?? 0)
  return Number.isFinite(number) ? number : 0
}

/** Numbers or names: the specification says numbers, some exporters send names. */
export function readJsonEnum(value: unknown, names: readonly string[]): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return Math.max(0, /^\d+$/.test(value) ? Number(value) : names.indexOf(value))
  return 0
}

export function readJsonInteger(value: unknown): bigint {
  if (value === undefined || value === null || value === '') return 0n
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  throw new IngestError('malformed', `In the body, ${shown(value)} stands where a 64-bit integer must be.`)
}

export function readJsonAttributes(list: unknown, depth = 0): Attributes {
  const attributes: Attributes = new Map()
  for (const entry of asArray(list, 'attributes')) {
    const pair = asObject(entry, 'attributes')
    attributes.set(readJsonString(pair.key), readJsonAnyValue(pair.value, depth))
  }
  return attributes
}

export function readJsonAnyValue(json: unknown, depth: number): AttributeValue {
  if (depth > MAX_DEPTH) throw new IngestError('malformed', `An attribute is nested deeper than ${MAX_DEPTH} levels.`)
  if (json === undefined || json === null) return null
  const value = asObject(json, 'an attribute value')
  if (value.stringValue !== undefined && value.stringValue !== null) return readJsonString(value.stringValue)
  if (typeof value.boolValue === 'boolean') return value.boolValue
  if (value.intValue !== undefined && value.intValue !== null) return shorten(readJsonInteger(value.intValue))
  if (value.doubleValue !== undefined && value.doubleValue !== null) return toNumber(value.doubleValue)
  if (value.arrayValue !== undefined && value.arrayValue !== null)
    return asArray(asObject(value.arrayValue, 'arrayValue').values, 'values').map((item) => readJsonAnyValue(item, depth + 1))
  if (value.kvlistValue !== undefined && value.kvlistValue !== null)
    return readJsonAttributes(asObject(value.kvlistValue, 'kvlistValue').values, depth + 1)
  if (typeof value.bytesValue === 'string') return new Uint8Array(Buffer.from(value.bytesValue, 'base64'))
  return null
}

function shorten(value: bigint): number | bigint {
  const signed = BigInt.asIntN(64, value)
  return signed >= BigInt(Number.MIN_SAFE_INTEGER) && signed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(signed) : signed
}
