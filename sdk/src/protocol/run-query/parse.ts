import type { Place, QueryError, QueryTerm, QueryValue, RunQuery } from './ast.ts'
import { fieldOf, isRunQueryField, nearest, RUN_QUERY_FIELD_NAMES, type RunQueryField } from './fields.ts'
import { HOW_TO_WRITE, readOperand } from './operand.ts'
import { type Piece, type PieceValue, scan } from './scan.ts'

export const RUN_QUERY_LIMITS = Object.freeze({ chars: 2_000, terms: 50, valuesPerTerm: 50 })

const OPERATOR = /^(<=|>=|<|>|=)/

/**
 * Reads a query of runs: `status:crashed,failed cost:>0.5 -tag:test "refund policy"`. A comma is or, a space is and, `-` is not.
 * Never throws: what is not understood is an error with its place, and the rest is read all the same.
 */
export function parseRunQuery(text: string): RunQuery {
  const errors: QueryError[] = []
  if (text.length > RUN_QUERY_LIMITS.chars) {
    const message = `A query may have ${RUN_QUERY_LIMITS.chars} characters; this one has ${text.length}.`
    return { terms: [], errors: [{ place: [RUN_QUERY_LIMITS.chars, text.length], message, remedy: 'Make it shorter.' }] }
  }
  const pieces = scan(text)
  const terms = pieces.slice(0, RUN_QUERY_LIMITS.terms).flatMap((piece) => readPiece(piece, errors) ?? [])
  const tooMany = pieces[RUN_QUERY_LIMITS.terms]
  if (tooMany !== undefined)
    errors.push({ place: tooMany.place, message: `A query may have ${RUN_QUERY_LIMITS.terms} terms.`, remedy: 'Leave some out.' })
  return { terms, errors }
}

function readPiece(piece: Piece, errors: QueryError[]): QueryTerm | undefined {
  const open = piece.values.find((value) => value.isOpen)
  if (open !== undefined) {
    errors.push({ place: open.place, message: 'This quote has no end.', remedy: 'Close it with ".' })
    return undefined
  }
  if (piece.field === undefined) return readText(piece, errors)
  const name = piece.field.text.toLowerCase()
  if (!isRunQueryField(name)) {
    errors.push({ place: piece.field.place, ...noField(piece.field.text) })
    return undefined
  }
  if (piece.values.length > RUN_QUERY_LIMITS.valuesPerTerm) {
    errors.push({ place: piece.place, message: `A term may have ${RUN_QUERY_LIMITS.valuesPerTerm} values.`, remedy: 'Leave some out.' })
    return undefined
  }
  const before = errors.length
  const values = piece.values.flatMap((value) => readValue(name, value, errors) ?? [])
  if (errors.length > before) {
    // An empty place can't be shown: the field is.
    const from = piece.field.place
    errors.splice(before, errors.length, ...errors.slice(before).map((e) => (e.place[0] === e.place[1] ? { ...e, place: from } : e)))
    return undefined
  }
  return { type: 'field', field: name, negated: piece.negated, values, place: piece.place }
}

function readText({ values, negated, place }: Piece, errors: QueryError[]): QueryTerm | undefined {
  const [value] = values
  if (value === undefined || !/[\p{L}\p{N}]/u.test(value.text)) {
    errors.push({ place, message: 'There is no word to look for.', remedy: 'Write letters or digits, or field:value.' })
    return undefined
  }
  return { type: 'text', text: value.text, quoted: value.quoted, negated, place }
}

function noField(name: string): { message: string; remedy: string } {
  const near = nearest(name, RUN_QUERY_FIELD_NAMES)
  const message = `\`${name}:\` is no field${near === undefined ? '.' : `; did you mean \`${near}:\`?`}`
  const all = `Fields are ${RUN_QUERY_FIELD_NAMES.join(', ')}.`
  return { message, remedy: near === undefined ? `${all} To look for it as text, put it in double quotes.` : `Write ${near}: instead.` }
}

function readValue(field: RunQueryField, { text, quoted, place }: PieceValue, errors: QueryError[]): QueryValue | undefined {
  const { kind, values, example } = fieldOf(field)
  const fail = (message: string, remedy: string, at: Place = place) => void errors.push({ place: at, message, remedy })
  if (text === '') {
    fail(`\`${field}:\` needs a value.`, `For instance ${field}:${example}.`)
    return undefined
  }
  if (kind === 'text') {
    if (values === undefined || values.includes(text)) return { type: 'text', text, quoted }
    const near = nearest(text, values)
    fail(
      `\`${text}\` is no ${field}${near === undefined ? '.' : `; did you mean \`${near}\`?`}`,
      near === undefined ? `It is one of ${values.join(', ')}.` : `Write ${field}:${near}.`,
    )
    return undefined
  }
  const range = text.split('..')
  const [low, high] = range
  if (range.length === 2 && low !== undefined && high !== undefined) {
    const [from, to] = [readOperand(field, low), readOperand(field, high)]
    if (from !== undefined && to !== undefined && from.isTime === to.isTime) {
      if (isAfter(from, to)) {
        fail(`\`${text}\` ends before it begins.`, `Write ${field}:${high}..${low}.`)
        return undefined
      }
      return { type: 'between', from, to }
    }
  }
  const op = OPERATOR.exec(text)?.[1] as '<' | undefined
  const operand = readOperand(field, text.slice(op?.length ?? 0))
  if (operand !== undefined && !quoted) return { type: 'compare', op: op ?? '=', operand }
  fail(`\`${field}:\` does not understand \`${text}\`.`, HOW_TO_WRITE[kind])
  return undefined
}

const isAfter = (a: { value: string; isTime: boolean }, b: { value: string }) =>
  a.isTime ? a.value > b.value : Number(a.value) > Number(b.value)
