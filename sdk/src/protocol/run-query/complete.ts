import { fieldOf, isRunQueryField, RUN_QUERY_FIELD_NAMES, type RunQueryField } from './fields.ts'
import { printText } from './print.ts'
import { scan } from './scan.ts'

export interface KnownValue {
  readonly value: string
  /** How many runs have it. */
  readonly count?: number
}

export interface Suggestion {
  readonly label: string
  readonly detail: string
  /** What to put in place of the text between `from` and `to`. */
  readonly insert: string
}

export interface Completion {
  readonly from: number
  readonly to: number
  readonly items: readonly Suggestion[]
}

const MOST = 12
const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  cost: ['>0.01', '>0.1', '>1', '0.1..1'],
  duration: ['>1s', '>30s', '>5m', '1m..5m'],
  tokens: ['>1k', '>10k', '>100k', '<=10k'],
  started: ['<15m', '<1h', '<24h', '<7d'],
  executions: ['>1', '1', '>=3'],
}

/** What can stand at the caret: fields, or the values of the field that it is in. */
export function completeRunQuery(
  text: string,
  caret: number,
  known: Partial<Record<RunQueryField, readonly KnownValue[]>> = {},
): Completion {
  const piece = scan(text).find(({ place: [from, to] }) => from < caret && caret <= to)
  if (piece === undefined) return { from: caret, to: caret, items: fields('', false) }
  if (piece.field === undefined || caret < piece.field.place[1]) {
    const from = piece.place[0] + (piece.negated ? 1 : 0)
    // In a phrase nothing is offered: it is anybody's text.
    if (piece.values[0]?.quoted && piece.field === undefined) return { from: caret, to: caret, items: [] }
    return { from, to: piece.field?.place[1] ?? piece.place[1], items: fields(text.slice(from, caret), piece.negated) }
  }
  const name = piece.field.text.toLowerCase()
  const value = piece.values.find(({ place: [from, to] }) => from <= caret && caret <= to)
  if (!isRunQueryField(name) || value === undefined) return { from: caret, to: caret, items: [] }
  const [from, to] = value.place
  const typed = text.slice(from, caret).replace(/^"/, '')
  const taken = new Set(piece.values.filter((other) => other !== value).map((other) => other.text))
  return { from, to, items: values(name, typed, known[name] ?? []).filter(({ label }) => !taken.has(label)) }
}

const fields = (typed: string, negated: boolean): Suggestion[] =>
  RUN_QUERY_FIELD_NAMES.filter((name) => name.startsWith(typed.toLowerCase())).map((name) => ({
    label: `${name}:`,
    detail: `${negated ? 'not ' : ''}${fieldOf(name).what}`,
    insert: `${name}:`,
  }))

function values(field: RunQueryField, typed: string, known: readonly KnownValue[]): Suggestion[] {
  const comparisons = COMPARISONS[field]
  if (comparisons !== undefined)
    return comparisons
      .filter((text) => text.startsWith(typed))
      .map((text) => ({ label: text, detail: fieldOf(field).what, insert: `${text} ` }))
  const listed = new Set(known.map(({ value }) => value))
  const all: readonly KnownValue[] = [...known, ...(fieldOf(field).values ?? []).filter((v) => !listed.has(v)).map((value) => ({ value }))]
  const lower = typed.toLowerCase()
  const starts = all.filter(({ value }) => value.toLowerCase().startsWith(lower))
  const holds = all.filter(({ value }) => !value.toLowerCase().startsWith(lower) && value.toLowerCase().includes(lower))
  return [...starts, ...holds].slice(0, MOST).map(({ value, count }) => ({
    label: value,
    detail: count === undefined ? '' : `${count.toLocaleString('en')} ${count === 1 ? 'run' : 'runs'}`,
    insert: `${printText(value, field === 'error')} `,
  }))
}
