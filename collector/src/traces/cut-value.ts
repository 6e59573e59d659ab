import type { Cut, JsonValue } from '@cairn/sdk/protocol'
import { isJsonObject } from '../ingest/map/to-json.ts'

export interface CutValue {
  readonly value: JsonValue
  readonly cuts: Cut[]
}

/** One text may take so much of what the whole value may, so that a long one leaves room for those after it. */
const TEXT_SHARE = 4
const SHORTEST_TEXT = 200

/** A value with about `maxChars` characters left of it, and where something was left out. `at` is its own JSON pointer. */
export function cutValue(value: JsonValue, at: string, maxChars: number): CutValue {
  const cuts: Cut[] = []
  const budget = { left: maxChars, text: Math.max(SHORTEST_TEXT, Math.floor(maxChars / TEXT_SHARE)) }
  return { value: cut(value, at, budget, cuts), cuts }
}

interface Budget {
  left: number
  readonly text: number
}

/** What is stored is nested some hundred levels at most: recursion has room. */
function cut(value: JsonValue, at: string, budget: Budget, cuts: Cut[]): JsonValue {
  if (typeof value === 'string') return cutString(value, at, budget, cuts)
  if (value === null || typeof value !== 'object') {
    budget.left -= 4
    return value
  }
  const { entries, end, of } = cutEntries(value, at, 0, budget, cuts)
  if (end < of) cuts.push({ at, kind: 'items', shown: end, of })
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

function cutString(value: string, at: string, budget: Budget, cuts: Cut[]): string {
  const text = sliceText(value, 0, Math.max(0, Math.min(budget.left, budget.text)))
  budget.left -= text.length
  if (text.length < value.length) cuts.push({ at, kind: 'text', shown: text.length, of: value.length })
  return text
}

function cutEntries(value: object, at: string, offset: number, budget: Budget, cuts: Cut[]) {
  const keys = Array.isArray(value) ? null : Object.keys(value)
  const of = keys === null ? (value as JsonValue[]).length : keys.length
  const entries: [string, JsonValue][] = []
  let end = offset
  for (; end < of && budget.left > 0; end++) {
    const key = keys === null ? String(end) : (keys[end] ?? '')
    budget.left -= 4 + (keys === null ? 0 : key.length)
    entries.push([key, cut((value as Record<string, JsonValue>)[key] ?? null, `${at}/${escapeKey(key)}`, budget, cuts)])
  }
  return { entries, end, of }
}

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** From `offset`, at most `chars` characters, with no pair cut in two; at least one where there is one. */
export function sliceText(text: string, offset: number, chars: number): string {
  let end = Math.min(text.length, offset + chars)
  const last = text.charCodeAt(end - 1)
  if (end < text.length && end > offset && last >= 0xd800 && last <= 0xdbff) end += chars > 1 ? -1 : 1
  return text.slice(offset, end)
}

/** The value that a JSON pointer leads to; undefined: there is none. */
export function findAt(value: JsonValue, pointer: string): JsonValue | undefined {
  let found: JsonValue | undefined = value
  for (const escaped of pointer.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(found)) found = /^\d+$/.test(key) ? found[Number(key)] : undefined
    else if (isJsonObject(found)) found = Object.hasOwn(found, key) ? found[key] : undefined
    else return undefined
  }
  return found
}

/** Entries of a list or an object from `offset` on, as many as fit, at least one. */
export function sliceEntries(value: object, at: string, offset: number, chars: number) {
  const cuts: Cut[] = []
  const budget = { left: chars, text: Math.max(SHORTEST_TEXT, Math.floor(chars / TEXT_SHARE)) }
  return { ...cutEntries(value, at, offset, budget, cuts), cuts }
}
