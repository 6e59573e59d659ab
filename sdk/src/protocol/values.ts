import { fromBase64, toBase64 } from './base64.ts'
import { LIMITS } from './limits.ts'

/*
 * Values on the wire and in the stores are JSON. What JSON lacks is tagged: { "$cairn": TAG, "v": … }.
 * A plain object that has a key "$cairn" of its own is wrapped as { "$cairn": "object", "v": [[key, value], …] },
 * so plain JSON from other languages passes through unchanged and every value round-trips.
 */

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

const TAG = '$cairn'

/** A value that can't be stored. `path` leads to it, as in `$.items[3].run`. */
export class UnstorableValueError extends Error {
  override readonly name = 'UnstorableValueError'
  readonly code = 'unstorable_value'
  readonly path: string
  constructor(path: string, reason: string) {
    super(`${path} can't be stored: ${reason}. Return plain data (JSON, Date, Map, Set, BigInt, Uint8Array, Error) from the step.`)
    this.path = path
  }
}

const tagged = (tag: string, v: JsonValue): JsonValue => ({ [TAG]: tag, v })

/**
 * Encodes a JavaScript value as JSON.
 * @throws {UnstorableValueError} for functions, symbols, cycles, class instances without `toJSON`, and nesting past 500 levels
 */
export function encodeValue(value: unknown): JsonValue {
  return encode(value, '$', [])
}

function encode(value: unknown, path: string, ancestors: object[]): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return encodeNumber(value)
    case 'undefined':
      return tagged('undefined', null)
    case 'bigint':
      return tagged('bigint', value.toString())
    case 'function':
    case 'symbol':
      throw new UnstorableValueError(path, `it is a ${typeof value}`)
    default:
      return value === null ? null : encodeObject(value as object, path, ancestors)
  }
}

function encodeNumber(value: number): JsonValue {
  if (Number.isNaN(value)) return tagged('number', 'NaN')
  if (value === Infinity) return tagged('number', 'Infinity')
  if (value === -Infinity) return tagged('number', '-Infinity')
  if (Object.is(value, -0)) return tagged('number', '-0')
  return value
}

function encodeObject(value: object, path: string, ancestors: object[]): JsonValue {
  if (ancestors.includes(value)) throw new UnstorableValueError(path, 'it contains itself')
  if (ancestors.length >= LIMITS.valueDepth) throw new UnstorableValueError(path, `it is nested deeper than ${LIMITS.valueDepth} levels`)
  ancestors.push(value)
  try {
    return encodeByType(value, path, ancestors)
  } finally {
    ancestors.pop()
  }
}

function encodeByType(value: object, path: string, ancestors: object[]): JsonValue {
  if (Array.isArray(value)) return Array.from(value, (item, i) => encode(item, `${path}[${i}]`, ancestors))
  if (value instanceof Date) return tagged('date', Number.isNaN(value.getTime()) ? null : value.toISOString())
  if (value instanceof Map)
    return tagged(
      'map',
      [...value].map(([k, v], i) => [encode(k, `${path}.keys()[${i}]`, ancestors), encode(v, `${path}.get(${i})`, ancestors)]),
    )
  if (value instanceof Set)
    return tagged(
      'set',
      Array.from(value, (item, i) => encode(item, `${path}.values()[${i}]`, ancestors)),
    )
  if (value instanceof Uint8Array) return tagged('bytes', toBase64(value))
  if (value instanceof Error) return encodeError(value, path, ancestors)
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    if ('toJSON' in value && typeof value.toJSON === 'function') return encode(value.toJSON(), path, ancestors)
    throw new UnstorableValueError(path, `it is an instance of ${prototype?.constructor?.name || 'a class'} without toJSON()`)
  }
  return encodePlain(value as Record<string, unknown>, path, ancestors)
}

function encodePlain(value: Record<string, unknown>, path: string, ancestors: object[]): JsonValue {
  const entries = Object.keys(value).map((key): [string, JsonValue] => [key, encode(value[key], `${path}.${key}`, ancestors)])
  if (Object.hasOwn(value, TAG) || Object.hasOwn(value, '__proto__')) return tagged('object', entries)
  return Object.fromEntries(entries)
}

function encodeError(value: Error, path: string, ancestors: object[]): JsonValue {
  const out: Record<string, JsonValue> = { name: value.name, message: value.message }
  if (value.stack !== undefined) out.stack = value.stack
  if (Object.hasOwn(value, 'cause')) out.cause = encode(value.cause, `${path}.cause`, ancestors)
  const own = Object.keys(value).filter((k) => !['name', 'message', 'stack', 'cause'].includes(k))
  // AggregateError keeps its errors in a property that isn't enumerable.
  if (Object.hasOwn(value, 'errors') && !own.includes('errors')) own.push('errors')
  if (own.length > 0)
    out.props = own.map((key): JsonValue => [key, encode((value as unknown as Record<string, unknown>)[key], `${path}.${key}`, ancestors)])
  return tagged('error', out)
}

/** Gives back the JavaScript value that `encodeValue` was given. Unknown tags come back as the plain object they are. */
export function decodeValue(value: JsonValue): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(decodeValue)
  if (typeof value[TAG] === 'string') return decodeTagged(value[TAG], value.v ?? null, value)
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(value)) setOwn(out, key, decodeValue(value[key] ?? null))
  return out
}

function decodeTagged(tag: string, v: JsonValue, whole: JsonValue): unknown {
  switch (tag) {
    case 'undefined':
      return undefined
    case 'number':
      return Number(v)
    case 'bigint':
      return BigInt(String(v))
    case 'date':
      return new Date(v === null ? Number.NaN : String(v))
    case 'bytes':
      return fromBase64(String(v))
    case 'set':
      return new Set(asArray(v).map(decodeValue))
    case 'map':
      return new Map(asArray(v).map((e) => [decodeValue(asArray(e)[0] ?? null), decodeValue(asArray(e)[1] ?? null)]))
    case 'object':
      return decodeEntries(v)
    case 'error':
      return decodeError(v)
    default:
      return whole
  }
}

const asArray = (v: JsonValue | undefined): JsonValue[] => (Array.isArray(v) ? v : [])

function decodeEntries(v: JsonValue): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const entry of asArray(v)) setOwn(out, String(asArray(entry)[0]), decodeValue(asArray(entry)[1] ?? null))
  return out
}

/** Assigning `__proto__` would set the prototype instead of a key. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  else target[key] = value
}

const ERROR_TYPES: Record<string, ErrorConstructor> = { TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError }

function decodeError(v: JsonValue): Error {
  const fields = v !== null && typeof v === 'object' && !Array.isArray(v) ? v : {}
  const name = String(fields.name ?? 'Error')
  const Type = (Object.hasOwn(ERROR_TYPES, name) ? ERROR_TYPES[name] : undefined) ?? Error
  const error = new Type(String(fields.message ?? ''), 'cause' in fields ? { cause: decodeValue(fields.cause ?? null) } : undefined)
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, enumerable: false, writable: true, configurable: true })
  if (typeof fields.stack === 'string') error.stack = fields.stack
  for (const [key, prop] of Object.entries(decodeEntries(fields.props ?? [])))
    setOwn(error as unknown as Record<string, unknown>, key, prop)
  return error
}
