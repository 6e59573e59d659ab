'use client'
import { parseAsFloat, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

export const TRACE_SORTS = ['duration', 'tokens', 'cost', 'errors', 'spans'] as const

const PARSERS = {
  q: parseAsString.withDefault(''),
  /** Traces of no run come first: runs have a list of their own. */
  runs: parseAsStringLiteral(['none', 'all']).withDefault('none'),
  errors: parseAsStringLiteral(['any', 'true', 'false']).withDefault('any'),
  service: parseAsString.withDefault(''),
  environment: parseAsString.withDefault(''),
  agent: parseAsString.withDefault(''),
  model: parseAsString.withDefault(''),
  kind: parseAsString.withDefault(''),
  sessionId: parseAsString.withDefault(''),
  userId: parseAsString.withDefault(''),
  minMs: parseAsFloat,
  maxMs: parseAsFloat,
  sort: parseAsStringLiteral(['started', ...TRACE_SORTS]).withDefault('started'),
}

/** The filter of the list of traces, in the address. */
export function useTraceFilter() {
  const [filter, setFilter] = useQueryStates(PARSERS, { history: 'push' })
  const { runs, errors, sort, minMs, maxMs, ...texts } = filter
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== '')) as Partial<typeof texts>
  const query = {
    ...given,
    ...(runs === 'none' ? { runs } : {}),
    ...(errors === 'any' ? {} : { hasErrors: errors }),
    ...(minMs === null ? {} : { minMs }),
    ...(maxMs === null ? {} : { maxMs }),
  }
  return { filter, setFilter, query: sort === 'started' ? query : { ...query, sort } }
}
