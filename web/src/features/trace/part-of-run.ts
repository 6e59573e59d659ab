import { pickSpanColumns, type SpanTable } from '@cairn/sdk/protocol'
import { buildTraceIndex, parentOf } from './trace-index'

/** The spans of a run that another one called, with all that is below them: a table of their own, in the same order. */
export function partOfRun(table: SpanTable, runId: string): SpanTable {
  const { columns, words, meta } = table
  const word = words.indexOf(runId)
  const index = buildTraceIndex(columns)
  const belongs = new Uint8Array(index.rows)
  // From the top down: whoever is above a row was looked at before it.
  for (const row of index.spanAt) {
    const above = parentOf(index, row)
    if ((word >= 0 && columns.run[row] === word) || (above >= 0 && belongs[above] === 1)) belongs[row] = 1
  }
  const rows = belongs.reduce((sum, one) => sum + one, 0)
  const newRow = new Int32Array(index.rows).fill(-1)
  const kept = new Int32Array(rows)
  for (let row = 0, next = 0; row < index.rows; row++) {
    if (belongs[row] === 0) continue
    kept[next] = row
    newRow[row] = next++
  }
  const part = pickSpanColumns(columns, kept)
  for (const [at, row] of kept.entries()) part.parent[at] = newRow[columns.parent[row] ?? -1] ?? -1
  return { words, rows, columns: part, meta: { ...meta, rows } }
}
