import type { JsonValue } from '../protocol/values.ts'

/** One change of RFC 6902. */
export type PatchOperation = { op: 'add' | 'replace'; path: string; value: JsonValue } | { op: 'remove'; path: string }

/** Changes that lead from one JSON value to another. Linear: arrays are compared by common head and tail. */
export function diffJson(from: JsonValue, to: JsonValue): PatchOperation[] {
  const out: PatchOperation[] = []
  diff(from, to, '', out)
  return out
}

function diff(from: JsonValue, to: JsonValue, path: string, out: PatchOperation[]): void {
  if (from === to) return
  if (Array.isArray(from) && Array.isArray(to)) diffArrays(from, to, path, out)
  else if (isObject(from) && isObject(to)) diffObjects(from, to, path, out)
  else out.push({ op: 'replace', path, value: to })
}

type JsonObject = { [key: string]: JsonValue }
const isObject = (v: JsonValue): v is JsonObject => v !== null && typeof v === 'object' && !Array.isArray(v)
const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

function diffObjects(from: JsonObject, to: JsonObject, path: string, out: PatchOperation[]): void {
  for (const key of Object.keys(from)) {
    if (!Object.hasOwn(to, key)) out.push({ op: 'remove', path: `${path}/${escapeKey(key)}` })
  }
  for (const key of Object.keys(to)) {
    const value = to[key] ?? null
    const at = `${path}/${escapeKey(key)}`
    if (Object.hasOwn(from, key)) diff(from[key] ?? null, value, at, out)
    else out.push({ op: 'add', path: at, value })
  }
}

function diffArrays(from: JsonValue[], to: JsonValue[], path: string, out: PatchOperation[]): void {
  let head = 0
  while (head < from.length && head < to.length && isEqual(from[head], to[head])) head++
  let tail = 0
  while (tail < from.length - head && tail < to.length - head && isEqual(from[from.length - 1 - tail], to[to.length - 1 - tail])) tail++
  const fromEnd = from.length - tail
  const toEnd = to.length - tail
  const shared = Math.min(fromEnd, toEnd)
  for (let i = head; i < shared; i++) diff(from[i] ?? null, to[i] ?? null, `${path}/${i}`, out)
  for (let i = fromEnd - 1; i >= shared; i--) out.push({ op: 'remove', path: `${path}/${i}` })
  for (let i = shared; i < toEnd; i++) out.push({ op: 'add', path: `${path}/${i}`, value: to[i] ?? null })
}

function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]))
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
}
