export interface Change {
  /** As one writes it in code. */
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before: unknown
  readonly after: unknown
}

export interface Difference {
  readonly changes: readonly Change[]
  /** There are more. */
  readonly isCut: boolean
}

interface Path {
  readonly 0: string
  readonly 1: Path | null
}

interface Pair {
  readonly path: Path | null
  readonly before: unknown
  readonly after: unknown
}

/** More are not listed. */
export const MOST_CHANGES = 2_000
/** Values that are looked at: agents send values of any size and depth, and what is left counts as not looked at. */
const MOST_VISITS = 500_000
const NONE = Symbol('none')

interface Budget {
  visits: number
}

/** What lies between two JSON values, in order, over an explicit stack. What was added at the front of a list moves nothing. */
export function diffJson(before: unknown, after: unknown): Difference {
  const changes: Change[] = []
  const stack: Pair[] = [{ path: null, before, after }]
  const budget: Budget = { visits: MOST_VISITS }
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    if (changes.length >= MOST_CHANGES || budget.visits-- <= 0) return { changes, isCut: true }
    if (Object.is(pair.before, pair.after)) continue
    const inner =
      Array.isArray(pair.before) && Array.isArray(pair.after)
        ? pairItems(pair.path, { before: pair.before, after: pair.after, budget })
        : pairFields(pair)
    if (inner === null) changes.push(toChange(pair))
    else for (const next of inner.reverse()) stack.push(next)
  }
  return { changes, isCut: false }
}

function toChange({ path, before, after }: Pair): Change {
  const kind = before === NONE ? 'added' : after === NONE ? 'removed' : 'changed'
  return { path: pathText(path), kind, before: before === NONE ? undefined : before, after: after === NONE ? undefined : after }
}

function pathText(path: Pair['path']): string {
  const parts: string[] = []
  for (let at = path; at !== null; at = at[1]) parts.push(at[0])
  return parts.reverse().join('').replace(/^\./, '') || 'all of it'
}

function pairFields({ path, before, after }: Pair): Pair[] | null {
  if (!isObject(before) || !isObject(after)) return null
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].map((key) => ({
    path: [/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`, path],
    before: Object.hasOwn(before, key) ? before[key] : NONE,
    after: Object.hasOwn(after, key) ? after[key] : NONE,
  }))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

interface Items {
  readonly before: readonly unknown[]
  readonly after: readonly unknown[]
  readonly budget: Budget
}

/** Same items at both ends are left alone, so that one more in the middle is one more. */
function pairItems(path: Path | null, { before, after, budget }: Items): Pair[] {
  const shorter = Math.min(before.length, after.length)
  let front = 0
  while (front < shorter && isSame(before[front], after[front], budget)) front++
  let back = 0
  while (back < shorter - front && isSame(before[before.length - 1 - back], after[after.length - 1 - back], budget)) back++
  const pairs: Pair[] = []
  const removed = before.length - back
  const added = after.length - back
  for (let i = front; i < Math.max(removed, added); i++)
    pairs.push({ path: [`[${i}]`, path], before: i < removed ? before[i] : NONE, after: i < added ? after[i] : NONE })
  return pairs
}

/** False too where the budget ends: then they are looked at as if they differed. */
function isSame(a: unknown, b: unknown, budget: Budget): boolean {
  const stack: [unknown, unknown][] = [[a, b]]
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [one, other] = pair
    if (Object.is(one, other)) continue
    if (budget.visits-- <= 0) return false
    if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
    if (Array.isArray(one) !== Array.isArray(other)) return false
    const keys = Object.keys(one)
    if (keys.length !== Object.keys(other).length) return false
    for (const key of keys) {
      if (!Object.hasOwn(other, key)) return false
      stack.push([(one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]])
    }
  }
  return true
}

/** Whether nothing differs, all of it looked at. */
export const isUnchanged = ({ changes, isCut }: Difference): boolean => changes.length === 0 && !isCut
