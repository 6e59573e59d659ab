import type { SpanTable } from '@cairn/sdk/protocol'

const FIELDS = ['name', 'step', 'model', 'tool', 'errorType', 'agent'] as const

/** Rows whose names, step, model, tool or error type have a text, or whose id it is, as 1. Each word is looked at once. */
export function findByWords({ table }: { table: SpanTable }, q: string): Uint8Array {
  const text = q.trim().toLowerCase()
  const found = new Uint8Array(table.rows)
  if (text === '') return found
  const isHit = Uint8Array.from(table.words, (word) => (word.toLowerCase().includes(text) ? 1 : 0))
  for (const field of FIELDS) {
    const column = table.columns[field]
    for (let row = 0; row < table.rows; row++) if (isHit[column[row] ?? 0] === 1) found[row] = 1
  }
  if (/^[0-9a-f]{16}$/.test(text)) {
    const row = table.columns.id.indexOf(BigInt(`0x${text}`))
    if (row >= 0) found[row] = 1
  }
  return found
}

/** Adds the rows of spans with these ids. */
export function addFoundIds({ table }: { table: SpanTable }, found: Uint8Array, spanIds: readonly string[]): Uint8Array {
  if (spanIds.length === 0) return found
  const ids = new Set(spanIds.map((id) => BigInt(`0x${id}`)))
  return found.map((hit, row) => (hit === 1 || ids.has(table.columns.id[row] ?? -1n) ? 1 : 0))
}
