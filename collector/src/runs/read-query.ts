import { parseRunQuery, type RunCondition, type RunQueryFilter, toRunConditions } from '@cairn/sdk/protocol'
import { CollectorError } from '../errors.ts'

/** Each is looked for. */
const MOST_WORDS = 20

/**
 * The conditions of a query of runs.
 * @throws {CollectorError} `invalid_request`, saying of each part that isn't understood where it stands and what to write
 */
export function readQuery(text: string | undefined, nowMs: number): RunCondition[] {
  if (text === undefined) return []
  const query = parseRunQuery(text)
  if (query.errors.length > 0)
    throw new CollectorError(
      'invalid_request',
      query.errors
        .slice(0, 5)
        .map(({ place, message, remedy }) => `query.query, character ${place[0] + 1}: ${message} ${remedy}`)
        .join(' '),
      { details: query.errors.slice(0, 20) },
    )
  const conditions = toRunConditions(query, nowMs)
  if (conditions.filter(({ type }) => type === 'words').length > MOST_WORDS)
    throw new CollectorError('invalid_request', `query.query: it has more than ${MOST_WORDS} words and phrases. Leave out the common ones.`)
  return conditions
}

const FIELDS = { agent: 'agent', version: 'version', sessionId: 'session', userId: 'user', tag: 'tag', errorGroup: 'group' } as const

/** A filter as the conditions of a query: what ClickHouse is asked by. */
export function filterConditions(filter: RunQueryFilter): RunCondition[] {
  const list: RunCondition[] = []
  const text = (field: 'status' | (typeof FIELDS)[keyof typeof FIELDS], texts: readonly string[]) =>
    list.push({ type: 'text', field, negated: false, values: texts.map((value) => ({ text: value, exact: true })) })
  if (filter.status !== undefined) text('status', filter.status)
  for (const [name, field] of Object.entries(FIELDS)) {
    const value = filter[name as keyof typeof FIELDS]
    if (value !== undefined) text(field, [value])
  }
  if (filter.from !== undefined || filter.to !== undefined)
    list.push({
      type: 'range',
      field: 'started',
      negated: false,
      ranges: [
        {
          from: filter.from === undefined ? null : { value: filter.from, inclusive: true },
          to: filter.to === undefined ? null : { value: filter.to, inclusive: false },
        },
      ],
    })
  if (filter.q !== undefined && filter.q !== '') list.push({ type: 'words', text: filter.q, isPhrase: false, negated: false })
  return list
}
