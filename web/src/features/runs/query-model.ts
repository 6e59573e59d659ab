import {
  parseRunQuery,
  printRunQuery,
  type QueryTerm,
  type QueryValue,
  type RUN_QUERY_FIELDS,
  type RunQueryField,
} from '@cairn/sdk/protocol'

type FieldTerm = Extract<QueryTerm, { type: 'field' }>

/** The field's first positive term: what a facet shows as chosen. */
const termOf = (terms: readonly QueryTerm[], field: RunQueryField): FieldTerm | undefined =>
  terms.find((term): term is FieldTerm => term.type === 'field' && term.field === field && !term.negated)

/** The values of a field that a query asks for. */
export const chosenValues = (query: string, field: RunQueryField): string[] =>
  termOf(parseRunQuery(query).terms, field)?.values.flatMap((value) => (value.type === 'text' ? [value.text] : [])) ?? []

/** Adds a value to those of its field, or takes it out. */
export function toggleValue(query: string, field: RunQueryField, text: string): string {
  const { terms } = parseRunQuery(query)
  const old = termOf(terms, field)
  // The whole type is meant, where a part of it would do.
  const value: QueryValue = { type: 'text', text, quoted: field === 'error' }
  if (old === undefined) return printRunQuery([...terms, { type: 'field', field, negated: false, values: [value], place: [0, 0] }])
  const isIn = old.values.some((one) => one.type === 'text' && one.text === text)
  const values = isIn ? old.values.filter((one) => !(one.type === 'text' && one.text === text)) : [...old.values, value]
  return printRunQuery(terms.flatMap((term) => (term !== old ? [term] : values.length === 0 ? [] : [{ ...old, values }])))
}

/** Puts `value` in place of all that a query says of a field; nothing, where it is empty. */
export function replaceField(query: string, field: RunQueryField, value: string): string {
  const rest = parseRunQuery(query).terms.filter((term) => !(term.type === 'field' && term.field === field && !term.negated))
  return [printRunQuery(rest), value === '' ? '' : `${field}:${value}`].filter((part) => part !== '').join(' ')
}

/** What a query says of when: as text after the colon. */
export function startedOf(query: string): string {
  const term = termOf(parseRunQuery(query).terms, 'started')
  return term === undefined ? '' : printRunQuery([term]).slice('started:'.length)
}

export interface OldFilter {
  readonly status: readonly string[]
  readonly agent: string
  readonly version: string
  readonly sessionId: string
  readonly userId: string
  readonly tag: string
  readonly errorGroup: string
  readonly from: string
  readonly to: string
  readonly q: string
}

const OLD_FIELDS = { agent: 'agent', version: 'version', sessionId: 'session', userId: 'user', tag: 'tag', errorGroup: 'group' } as const

/** Links made before there was a query name fields of their own: they are folded into it. */
export function foldOldFilter(query: string, old: OldFilter): string {
  let folded = query
  for (const status of old.status) folded = toggleIn(folded, 'status', status)
  for (const [name, field] of Object.entries(OLD_FIELDS)) folded = toggleIn(folded, field, old[name as keyof typeof OLD_FIELDS])
  const { from, to } = old
  if (from !== '' || to !== '') {
    const started = from === '' ? `<${to}` : to === '' ? `>=${from}` : `${from}..${to}`
    const added = replaceField(folded, 'started', started)
    if (parseRunQuery(added).errors.length === 0) folded = added
  }
  return old.q.trim() === ''
    ? folded
    : [folded, printRunQuery([{ type: 'text', text: old.q, quoted: /\s/.test(old.q), negated: false, place: [0, 0] }])]
        .filter((part) => part !== '')
        .join(' ')
}

const toggleIn = (query: string, field: RunQueryField, value: string): string =>
  value === '' || chosenValues(query, field).includes(value) ? query : toggleValue(query, field, value)

/** Facets in the order in which they are shown. */
export const FACETS = ['status', 'agent', 'error', 'version', 'tag', 'user', 'session'] as const satisfies (keyof typeof RUN_QUERY_FIELDS)[]
