import type { Row } from './build-rows.ts'

/** A row that is shown, or a number of rows that are not. */
export type Shown = { readonly row: Row } | { readonly hidden: number; readonly depth: number }

const isBad = (row: Row) => row.outcome === 'error' || row.outcome === 'interrupted'

/** At most `limit` rows, in their order: what failed with its ancestors first, then from the top; what is left out is counted in place. */
export function selectRows(rows: readonly Row[], limit: number): Shown[] {
  if (rows.length <= limit) return rows.map((row) => ({ row }))
  const chosen = new Set<number>()
  const path: number[] = []
  for (const [i, row] of rows.entries()) {
    path[row.depth] = i
    path.length = row.depth + 1
    if (!isBad(row)) continue
    const missing = path.filter((at) => !chosen.has(at))
    // A failure thousands of levels deep is shown without its ancestors rather than not at all.
    const add = chosen.size + missing.length <= limit ? missing : [i]
    if (chosen.size + add.length > limit) break
    for (const at of add) chosen.add(at)
  }
  for (let i = 0; i < rows.length && chosen.size < limit; i++) chosen.add(i)
  const shown: Shown[] = []
  let hidden = 0
  let depth = 0
  for (const [i, row] of rows.entries()) {
    if (!chosen.has(i)) {
      if (hidden === 0) depth = row.depth
      hidden++
      continue
    }
    if (hidden > 0) shown.push({ hidden, depth })
    hidden = 0
    shown.push({ row })
  }
  if (hidden > 0) shown.push({ hidden, depth })
  return shown
}
