import type { JsonValue } from '../protocol/values.ts'

type Container = JsonValue[] | { [key: string]: JsonValue }

/**
 * Applies changes as `diffJson` makes them (RFC 6902: add, replace, remove), in place.
 * @returns the root, which a change of path "" replaces; undefined where a change doesn't fit
 */
export function applyPatch(root: JsonValue, patch: readonly unknown[]): JsonValue | undefined {
  let result = root
  for (const operation of patch) {
    const parsed = parseOperation(operation)
    if (parsed === undefined) return undefined
    if (parsed.path === '') {
      if (parsed.op === 'remove') return undefined
      result = structuredClone(parsed.value)
    } else if (!applyAt(result, parsed)) return undefined
  }
  return result
}

/** Keys of the root that changes touch; null: all of it. */
export function touchedKeys(patch: readonly unknown[]): Set<string> | null {
  const keys = new Set<string>()
  for (const operation of patch) {
    const first = parseOperation(operation)?.path.split('/')[1]
    if (first === undefined) return null
    keys.add(unescapeKey(first))
  }
  return keys
}

interface Parsed {
  op: 'add' | 'replace' | 'remove'
  path: string
  value: JsonValue
}

function parseOperation(operation: unknown): Parsed | undefined {
  const { op, path, value = null } = (operation ?? {}) as Partial<Parsed>
  if (typeof path !== 'string' || (op !== 'add' && op !== 'replace' && op !== 'remove')) return undefined
  return { op, path, value }
}

const unescapeKey = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~')

function applyAt(root: JsonValue, { op, path, value }: Parsed): boolean {
  const keys = path.split('/').slice(1).map(unescapeKey)
  const last = keys.pop() ?? ''
  const parent = keys.reduce<JsonValue | undefined>(childOf, root)
  if (parent === null || typeof parent !== 'object') return false
  if (Array.isArray(parent)) return applyToArray(parent, last, { op, value })
  if (op === 'remove') return delete parent[last]
  // Assigning `__proto__` would set the prototype instead of a key.
  Object.defineProperty(parent, last, { value: structuredClone(value), enumerable: true, writable: true, configurable: true })
  return true
}

function childOf(container: JsonValue | undefined, key: string): JsonValue | undefined {
  return container !== null && typeof container === 'object' && Object.hasOwn(container, key)
    ? (container as Exclude<Container, JsonValue[]>)[key]
    : undefined
}

function applyToArray(array: JsonValue[], key: string, { op, value }: { op: Parsed['op']; value: JsonValue }): boolean {
  const index = key === '-' ? array.length : Number(key)
  if (!Number.isInteger(index) || index < 0 || index > array.length) return false
  if (op === 'remove') array.splice(index, 1)
  else array.splice(index, op === 'add' ? 0 : 1, structuredClone(value))
  return true
}
