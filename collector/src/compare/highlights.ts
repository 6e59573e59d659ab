import type { ComparedRow, ComparisonHighlight } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'

/** Errors that are named; the rows have the rest. */
const MOST_ERRORS = 3
const TEXT_CHARS = 200

/** What to look at first, of all rows: where the sides part, what broke, what took longest, what cost most. */
export function findHighlights(rows: readonly ComparedRow[]): ComparisonHighlight[] {
  const first = firstDifference(rows)
  const broken = rows.filter((row) => row.b?.error !== undefined && row.a?.error === undefined)
  const mended = rows.filter((row) => row.a?.error !== undefined && row.b?.error === undefined)
  return [
    ...(first === undefined ? [] : [{ kind: 'first_difference' as const, rowId: first.id, text: `First difference: ${describe(first)}.` }]),
    ...innermost(broken).map((row) => ({
      kind: 'new_error' as const,
      rowId: row.id,
      text: `New error in ${row.name}: ${cut(`${row.b?.error?.type}: ${row.b?.error?.message}`)}`,
    })),
    ...innermost(mended).map((row) => ({
      kind: 'error_gone' as const,
      rowId: row.id,
      text: `No longer fails: ${row.name}${row.b === undefined ? ' (only A has it)' : ''}, which had ${cut(row.a?.error?.type ?? '')}`,
    })),
    ...biggest(rows),
  ]
}

const isDifferent = (row: ComparedRow): boolean => row.verdict !== 'same' && row.verdict !== 'shared'

/** A parent differs because its children do: the first of those that has no such child says where. */
function firstDifference(rows: readonly ComparedRow[]): ComparedRow | undefined {
  let found: ComparedRow | undefined
  for (const row of rows) {
    if (found !== undefined && (row.depth <= found.depth || found.a === undefined || found.b === undefined)) break
    if (isDifferent(row)) found = row
  }
  return found
}

/** Errors pass from the inside out: the deepest of them is the one that happened. */
const innermost = (rows: readonly ComparedRow[]): ComparedRow[] =>
  rows
    .filter((row, i) => {
      const next = rows[i + 1]
      return next === undefined || next.depth <= row.depth
    })
    .slice(0, MOST_ERRORS)

function describe(row: ComparedRow): string {
  if (row.verdict === 'added') return `only B has ${row.name}`
  if (row.verdict === 'removed') return `only A has ${row.name}`
  return `${row.name} differs in ${(row.changes ?? []).join(', ')}`
}

function biggest(rows: readonly ComparedRow[]): ComparisonHighlight[] {
  const slower = deepestOfMost(rows, (row) => (row.speed === 'slower' ? (row.difference?.durationMs ?? 0) : 0))
  const faster = deepestOfMost(rows, (row) => (row.speed === 'faster' ? -(row.difference?.durationMs ?? 0) : 0))
  const [dearer, cheaper] = [mostCost(rows, 1), mostCost(rows, -1)]
  const highlight = (kind: ComparisonHighlight['kind'], row: ComparedRow | undefined, text: (row: ComparedRow) => string) =>
    row === undefined ? [] : [{ kind, rowId: row.id, text: text(row) }]
  return [
    ...highlight('slower', slower, (row) => `Biggest slow-down: ${row.name} took ${byMs(row)} longer${times(row)}`),
    ...highlight('faster', faster, (row) => `Biggest speed-up: ${row.name} took ${byMs(row)} less${times(row)}`),
    ...highlight('dearer', dearer, (row) => `Biggest extra cost: ${row.name}, ${byUsd(row)} more${alone(row)}`),
    ...highlight('cheaper', cheaper, (row) => `Biggest saving: ${row.name}, ${byUsd(row)} less${alone(row)}`),
  ]
}

/** Where a parent has the most, the child that most of it comes from is meant. */
function deepestOfMost(rows: readonly ComparedRow[], amount: (row: ComparedRow) => number): ComparedRow | undefined {
  let best = -1
  for (const [i, row] of rows.entries()) if (amount(row) > (best === -1 ? 0 : amount(rows[best] as ComparedRow))) best = i
  for (let i = best + 1; best !== -1 && i < rows.length; i++) {
    const [row, found] = [rows[i] as ComparedRow, rows[best] as ComparedRow]
    if (row.depth <= found.depth) break
    if (amount(row) >= amount(found) / 2) best = i
  }
  return rows[best]
}

function mostCost(rows: readonly ComparedRow[], sign: 1 | -1): ComparedRow | undefined {
  let best: { row: ComparedRow; amount: Decimal } | undefined
  for (const row of rows) {
    if (row.a?.givenByHand || row.b?.givenByHand) continue
    const usd = row.difference?.costUsd
    if (usd === undefined || usd === null || usd === '0') continue
    const amount = new Decimal(usd).times(sign)
    if (amount.gt(best?.amount ?? 0)) best = { row, amount }
  }
  return best?.row
}

const byMs = ({ difference }: ComparedRow): string => {
  const ms = Math.abs(difference?.durationMs ?? 0)
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`
}
const byUsd = ({ difference }: ComparedRow): string => `$${new Decimal(difference?.costUsd ?? 0).abs().toFixed()}`
const alone = ({ verdict }: ComparedRow): string =>
  verdict === 'added' ? ' (only B has it)' : verdict === 'removed' ? ' (only A has it)' : ''
const times = ({ difference }: ComparedRow): string =>
  difference?.durationRatio ? ` (${difference.durationRatio.toFixed(2)} times as long)` : ''
const cut = (text: string): string => (text.length > TEXT_CHARS ? `${text.slice(0, TEXT_CHARS)}…` : text)
