import type { SpanColumns } from '@cairn/sdk/protocol'
import { attemptOf } from '../run/attempt'
import { parentOf, type TraceIndex } from './trace-index'

/** Nanoseconds by row in which a span ran and none of its children did. */
export function selfTimes(index: TraceIndex, start: Float64Array, ends: Float64Array): Float64Array {
  const self = new Float64Array(index.rows)
  for (let position = 0; position < index.rows; position++) {
    const row = index.spanAt[position] ?? 0
    const from = start[row] ?? 0
    const to = ends[row] ?? from
    let covered = 0
    let until = from
    // Children follow in order of their start: one pass merges them.
    for (let child = position + 1; child < (index.end[position] ?? 0); child = index.end[child] ?? child + 1) {
      const childRow = index.spanAt[child] ?? 0
      const childFrom = Math.max(start[childRow] ?? 0, until)
      const childTo = Math.min(ends[childRow] ?? 0, to)
      if (childTo <= childFrom) continue
      covered += childTo - childFrom
      until = childTo
    }
    self[row] = Math.max(0, to - from - covered)
  }
  return self
}

/**
 * Rows on the critical path, as 1: of each root, backwards from its end, always the child that ended last before what came after
 * could begin. Shortening anything else would not have made the root end earlier.
 */
export function criticalPath(index: TraceIndex, start: Float64Array, ends: Float64Array): Uint8Array {
  const onPath = new Uint8Array(index.rows)
  // Stack of (position, until): a span on the path, looked at backwards from `until`.
  const stack: { position: number; until: number }[] = []
  for (let root = 0; root < index.rows; root = index.end[root] ?? root + 1)
    stack.push({ position: root, until: ends[index.spanAt[root] ?? 0] ?? 0 })
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { position } = next
    onPath[index.spanAt[position] ?? 0] = 1
    for (const child of lastFinishing(index, position, { until: next.until, start, ends })) stack.push(child)
  }
  return onPath
}

interface Window {
  readonly until: number
  readonly start: Float64Array
  readonly ends: Float64Array
}

/** Children by their end, the latest first; each must end before the one after it began. */
function lastFinishing(index: TraceIndex, position: number, { until, start, ends }: Window): { position: number; until: number }[] {
  const children: number[] = []
  for (let child = position + 1; child < (index.end[position] ?? 0); child = index.end[child] ?? child + 1) children.push(child)
  const endOf = (child: number) => ends[index.spanAt[child] ?? 0] ?? 0
  children.sort((a, b) => endOf(b) - endOf(a))
  const path: { position: number; until: number }[] = []
  let cursor = until
  for (const child of children) {
    const end = Math.min(endOf(child), until)
    if (end > cursor) continue
    path.push({ position: child, until: end })
    cursor = start[index.spanAt[child] ?? 0] ?? 0
  }
  return path
}

/** Spans of one name and kind together. Times in nanoseconds. */
export interface NameStatistics {
  /** Of attempts that of their step, which they have by themselves, apart from the span of the step around them. */
  readonly name: string
  readonly kind: string
  readonly isAttempts: boolean
  readonly count: number
  /** Attempts after the first ones. */
  readonly retries: number
  readonly errors: number
  readonly total: number
  readonly self: number
  readonly p50: number
  readonly p95: number
  readonly longest: number
  /** Row of the longest one. */
  readonly longestRow: number
  readonly tokens: number
  /** US dollars / 10^12 of billable spans, exactly. */
  readonly cost: bigint
  /** Billable spans without a price. */
  readonly unpriced: number
}

interface StatisticsInput {
  readonly columns: SpanColumns
  readonly words: readonly string[]
  readonly ends: Float64Array
  readonly self: Float64Array
  readonly flags: { readonly error: number; readonly interrupted: number; readonly billable: number; readonly priced: number }
}

/** By name and kind, the largest total first. */
export function statisticsByName({ columns, words, ends, self, flags }: StatisticsInput): NameStatistics[] {
  const groups = new Map<string, { named: Named; rows: number[]; retries: number }>()
  const named = new Map<string, Named>()
  for (let row = 0; row < columns.start.length; row++) {
    const id = `${columns.name[row]} ${columns.kind[row]} ${columns.step[row] !== 0}`
    let own = named.get(id)
    if (own === undefined) {
      own = nameOf(words[columns.name[row] ?? 0] ?? '', words[columns.kind[row] ?? 0] ?? '', columns.step[row] !== 0)
      named.set(id, own)
    }
    const group = groups.get(own.key) ?? { named: own, rows: [], retries: 0 }
    if (group.rows.length === 0) groups.set(own.key, group)
    group.rows.push(row)
    if (own.attempt > 1) group.retries += 1
  }
  const has = (row: number, bits: number) => ((columns.flags[row] ?? 0) & bits) !== 0
  return [...groups.values()]
    .map(({ named: { name, kind, attempt }, rows, retries }): NameStatistics => {
      const first = rows[0] ?? 0
      const durations = Float64Array.from(rows, (row) => (ends[row] ?? 0) - (columns.start[row] ?? 0)).sort()
      const quantile = (q: number) => durations[Math.min(durations.length - 1, Math.ceil(q * durations.length) - 1)] ?? 0
      const longest = durations.at(-1) ?? 0
      const billable = rows.filter((row) => has(row, flags.billable))
      return {
        name,
        kind,
        isAttempts: attempt > 0,
        count: rows.length,
        retries,
        errors: rows.filter((row) => has(row, flags.error | flags.interrupted)).length,
        total: durations.reduce((sum, duration) => sum + duration, 0),
        self: rows.reduce((sum, row) => sum + (self[row] ?? 0), 0),
        p50: quantile(0.5),
        p95: quantile(0.95),
        longest,
        longestRow: rows.find((row) => (ends[row] ?? 0) - (columns.start[row] ?? 0) === longest) ?? first,
        tokens: billable.reduce((sum, row) => sum + (columns.tokens[row] ?? 0), 0),
        cost: billable.reduce((sum, row) => sum + (columns.cost[row] ?? 0n), 0n),
        unpriced: billable.filter((row) => !has(row, flags.priced)).length,
      }
    })
    .sort((a, b) => b.total - a.total)
}

interface Named {
  readonly key: string
  readonly name: string
  readonly kind: string
  /** From 1; 0: it is none. */
  readonly attempt: number
}

/** Attempts have a span each, of one name and its number: only within a step are they told by that. */
function nameOf(spanName: string, kind: string, isOfStep: boolean): Named {
  const { name, attempt } = (isOfStep ? attemptOf(spanName) : null) ?? { name: spanName, attempt: 0 }
  return { key: `${attempt > 0} ${kind}\0${name}`, name, kind, attempt }
}

/** How many tries of the same step came before, by row: siblings of one key in one execution are tries. */
export function countAttempts(index: TraceIndex, { step, execution }: { step: Uint32Array; execution: Uint32Array }): Uint16Array {
  const earlier = new Uint16Array(index.rows)
  const counts = new Map<string, number>()
  const words = step
  for (let position = 0; position < index.rows; position++) {
    const row = index.spanAt[position] ?? 0
    const word = words[row] ?? 0
    const above = parentOf(index, row)
    // The span that stands for the step; what runs within it has its key too.
    if (word === 0 || above < 0 || words[above] === word) continue
    const key = `${above} ${word} ${execution[row] ?? 0}`
    const before = counts.get(key) ?? 0
    if (before > 0) earlier[row] = Math.min(before, 65_535)
    counts.set(key, before + 1)
  }
  return earlier
}
