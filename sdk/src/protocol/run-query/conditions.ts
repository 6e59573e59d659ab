import type { QueryValue, RunQuery } from './ast.ts'
import { fieldOf, type RunQueryField } from './fields.ts'

interface Bound {
  /** Decimal text; RFC 3339 for `started`. */
  readonly value: string
  readonly inclusive: boolean
}

export interface RunRange {
  readonly from: Bound | null
  readonly to: Bound | null
}

/** A query's terms as a store asks them: all must hold. */
export type RunCondition =
  | { readonly type: 'text'; readonly field: RunQueryField; readonly negated: boolean; readonly values: readonly TextValue[] }
  | { readonly type: 'range'; readonly field: RunQueryField; readonly negated: boolean; readonly ranges: readonly RunRange[] }
  | { readonly type: 'words'; readonly text: string; readonly isPhrase: boolean; readonly negated: boolean }

export interface TextValue {
  readonly text: string
  /** It was in quotes: the whole of it is meant, where a part would do. */
  readonly exact: boolean
}

/** Resolves ages by `nowMs`. */
export function toRunConditions(query: RunQuery, nowMs: number): RunCondition[] {
  return query.terms.map((term): RunCondition => {
    const { negated } = term
    if (term.type === 'text') return { type: 'words', text: term.text, isPhrase: term.quoted, negated }
    const { field, values } = term
    if (fieldOf(field).kind === 'text')
      return {
        type: 'text',
        field,
        negated,
        values: values.flatMap((value) => (value.type === 'text' ? [{ text: value.text, exact: value.quoted }] : [])),
      }
    return { type: 'range', field, negated, ranges: values.flatMap((value) => toRange(field, value, nowMs) ?? []) }
  })
}

function toRange(field: RunQueryField, value: QueryValue, nowMs: number): RunRange | undefined {
  if (value.type === 'text') return undefined
  const isAge = field === 'started' && !(value.type === 'between' ? value.from.isTime : value.operand.isTime)
  const read = (text: string) => (isAge ? new Date(Math.max(0, nowMs - Number(text))).toISOString() : text)
  const at = (text: string, inclusive: boolean): Bound => ({ value: read(text), inclusive })
  if (value.type === 'between') return ordered(isAge, at(value.from.value, true), at(value.to.value, true))
  const { op, operand } = value
  if (op === '=') return equal(field, isAge, operand.value, at)
  const bound = at(operand.value, op.endsWith('='))
  // Less than two hours ago is later than that.
  return (op[0] === '>') !== isAge ? { from: bound, to: null } : { from: null, to: bound }
}

const ordered = (isAge: boolean, a: Bound, b: Bound): RunRange => (isAge ? { from: b, to: a } : { from: a, to: b })

const DAY_MS = 86_400_000

/** `started:2h` is since then; `started:2026-01-31` is that day; any other value is itself. */
function equal(field: RunQueryField, isAge: boolean, value: string, at: (text: string, inclusive: boolean) => Bound): RunRange {
  if (isAge) return { from: at(value, true), to: null }
  if (field === 'started' && value.endsWith('T00:00:00.000Z'))
    return { from: at(value, true), to: { value: new Date(Date.parse(value) + DAY_MS).toISOString(), inclusive: false } }
  return { from: at(value, true), to: at(value, true) }
}
