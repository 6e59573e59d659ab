/** What lies at a path of one side, or of both and differs. */
export interface Change {
  /** As people write it: `messages[2].text`. */
  readonly path: string
  readonly is: 'added' | 'removed' | 'changed'
  readonly a: unknown
  readonly b: unknown
}

/** More are counted, not listed. */
export const MOST_CHANGES = 500
/** Values that are looked at: past it, what is left is taken for unseen. */
const MOST_VISITS = 200_000

interface JsonDifference {
  readonly changes: readonly Change[]
  /** There are more changes than are listed, or the values are too large to look at whole. */
  readonly isCut: boolean
}

interface Pair {
  readonly path: string
  readonly a: unknown
  readonly b: unknown
}

/** What differs between two JSON values, by path, in the order of A. No recursion: agents send values of any depth. */
export function differenceOfJson(a: unknown, b: unknown): JsonDifference {
  const changes: Change[] = []
  const open: Pair[] = [{ path: '', a, b }]
  for (let visits = 0; open.length > 0; visits++) {
    const pair = open.pop()
    if (pair === undefined) break
    if (visits > MOST_VISITS || changes.length >= MOST_CHANGES) return { changes, isCut: true }
    if (Object.is(pair.a, pair.b)) continue
    if (!isBranch(pair.a) || !isBranch(pair.b) || Array.isArray(pair.a) !== Array.isArray(pair.b)) {
      changes.push({ ...pair, is: pair.a === undefined ? 'added' : pair.b === undefined ? 'removed' : 'changed' })
      continue
    }
    for (const next of childrenOf(pair.path, pair.a, pair.b).reverse()) open.push(next)
  }
  return { changes, isCut: false }
}

const isBranch = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function childrenOf(path: string, a: Record<string, unknown>, b: Record<string, unknown>): Pair[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const isList = Array.isArray(a)
  return keys.map((key) => ({
    path: isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
    a: Object.hasOwn(a, key) ? a[key] : undefined,
    b: Object.hasOwn(b, key) ? b[key] : undefined,
  }))
}

/** Whether nothing differs, as far as was looked. */
export const isSame = ({ changes, isCut }: JsonDifference): boolean => changes.length === 0 && !isCut
