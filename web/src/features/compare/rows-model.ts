import type { ComparedRow } from '@cairn/sdk/protocol'

/** Worth a look: it holds something else, or was slower, faster, dearer or cheaper. */
export const differs = (row: ComparedRow): boolean =>
  (row.verdict !== 'same' && row.verdict !== 'shared') || row.speed !== undefined || row.price !== undefined

/** Place of the next difference from a row on, round the end; -1: there is none. */
export function nextDifference(rows: readonly ComparedRow[], from: number, by: 1 | -1): number {
  for (let step = 1; step <= rows.length; step++) {
    const at = (from + by * step + rows.length * 2) % rows.length
    const row = rows[at]
    if (row !== undefined && differs(row)) return at
  }
  return -1
}

/** Milliseconds of the longest row that has nothing below it: what the bars of all rows are drawn to. Parents are cut off there. */
export function longestLeafMs(rows: readonly ComparedRow[]): number {
  let longest = 0
  for (const [i, row] of rows.entries()) {
    if ((rows[i + 1]?.depth ?? 0) > row.depth) continue
    longest = Math.max(longest, row.a?.durationMs ?? 0, row.b?.durationMs ?? 0)
  }
  return longest
}

/** What a row is, in a word or two. */
export function verdictText(row: ComparedRow): string {
  if (row.verdict === 'shared') return 'shared checkpoint'
  if (row.verdict === 'added') return 'only in B'
  if (row.verdict === 'removed') return 'only in A'
  const given = row.a?.givenByHand ? (row.b?.givenByHand ? 'both' : 'A') : row.b?.givenByHand ? 'B' : null
  const marks = [
    ...(given === null ? [] : [`given by hand in ${given}`]),
    ...(row.changes ?? []),
    ...(row.speed === undefined ? [] : [row.speed]),
    ...(row.price === undefined ? [] : [row.price]),
  ]
  return marks.length === 0 ? 'same' : marks.join(', ')
}
