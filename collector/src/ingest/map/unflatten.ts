import type { JsonValue } from '@cairn/sdk/protocol'
import type { FlattenedEntry } from './collect-fields.ts'
import { isJsonObject, toJson } from './to-json.ts'

const MOST_ITEMS = 10_000
const DEEPEST_PATH = 100

/** `0.message.role`, `0.message.tool_calls.1.…` as the list of objects that it was. Numbers in a path are places in lists. */
export function unflatten(entries: readonly FlattenedEntry[]): JsonValue[] {
  const items = new Map<number, Record<string, JsonValue>>()
  for (const { index, path, value } of entries) {
    if (items.size >= MOST_ITEMS && !items.has(index)) continue
    const parts = path.split('.')
    if (parts.length > DEEPEST_PATH) continue
    const node = items.get(index) ?? emptyObject()
    items.set(index, node)
    setPath(node, parts, toJson(value))
  }
  return [...items].sort(([a], [b]) => a - b).map(([, item]) => listify(item))
}

/** Without a prototype, so that a path such as `__proto__` is a path. */
const emptyObject = (): Record<string, JsonValue> => Object.create(null) as Record<string, JsonValue>

function setPath(root: Record<string, JsonValue>, path: string[], value: JsonValue): void {
  let node = root
  for (const part of path.slice(0, -1)) {
    const next = node[part]
    const child = isJsonObject(next) ? next : emptyObject()
    node[part] = child
    node = child
  }
  node[path.at(-1) ?? ''] = value
}

/** Objects whose keys are all numbers are lists. */
function listify(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value
  const keys = Object.keys(value)
  if (keys.length > 0 && keys.every((key) => /^\d{1,6}$/.test(key)))
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => listify(value[key] ?? null))
  return Object.fromEntries(keys.map((key) => [key, listify(value[key] ?? null)]))
}
