const DEEPEST_INDENTED = 200

/** A value as JSON for copies and files, indented unless it is so deep that white space would be most of it. */
export function toJsonText(value: unknown): string {
  try {
    return JSON.stringify(value, null, isDeeperThan(value, DEEPEST_INDENTED) ? 0 : 2) ?? 'null'
  } catch {
    return writeFlat(value)
  }
}

/** A text as it is, anything else as JSON. */
export const toText = (value: unknown): string => (typeof value === 'string' ? value : toJsonText(value))

function isDeeperThan(value: unknown, most: number): boolean {
  const stack: [unknown, number][] = [[value, 0]]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [inner, depth] = next
    if (inner === null || typeof inner !== 'object') continue
    if (depth > most) return true
    for (const child of Object.values(inner)) if (child !== null && typeof child === 'object') stack.push([child, depth + 1])
  }
  return false
}

/** Without recursion: JSON.stringify has no stack for ten thousand levels. */
function writeFlat(root: unknown): string {
  const out: string[] = []
  const stack: (string | { readonly value: unknown })[] = [{ value: root }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === 'string') {
      out.push(next)
      continue
    }
    const { value } = next
    if (value === null || typeof value !== 'object') {
      out.push(JSON.stringify(value) ?? 'null')
      continue
    }
    const isArray = Array.isArray(value)
    out.push(isArray ? '[' : '{')
    stack.push(isArray ? ']' : '}')
    const entries = Object.entries(value)
    for (let i = entries.length - 1; i >= 0; i--) {
      const [key, inner] = entries[i] ?? ['', null]
      stack.push({ value: inner }, `${i === 0 ? '' : ','}${isArray ? '' : `${JSON.stringify(key)}:`}`)
    }
  }
  return out.join('')
}
