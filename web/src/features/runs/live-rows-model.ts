interface Row {
  readonly id: string
}

/** Rows as they are shown: in the order in which they came, each as it is now. */
export function mergeRows<T extends Row>(accepted: readonly T[], loaded: readonly T[], now: ReadonlyMap<string, T>): T[] {
  const seen = new Set<string>()
  const rows: T[] = []
  for (const row of [...accepted, ...loaded]) {
    if (seen.has(row.id)) continue
    seen.add(row.id)
    rows.push(now.get(row.id) ?? row)
  }
  return rows
}

/** Rows at the head of the list that are not shown yet. */
export function findNew<T extends Row>(head: readonly T[], shown: readonly T[]): T[] {
  const ids = new Set(shown.map((row) => row.id))
  const last = head.findLastIndex((row) => ids.has(row.id))
  // What lies below the last one that is shown belongs to a page further down.
  const above = shown.length === 0 ? head : head.slice(0, last + 1)
  return above.filter((row) => !ids.has(row.id))
}

/** The rows from one to another, both included: what shift and a click select. */
export function rowsBetween<T extends Row>(rows: readonly T[], from: string | null, to: string): string[] {
  const end = rows.findIndex((row) => row.id === to)
  const start = from === null ? end : rows.findIndex((row) => row.id === from)
  if (end < 0) return []
  if (start < 0) return [to]
  return rows.slice(Math.min(start, end), Math.max(start, end) + 1).map((row) => row.id)
}
