'use client'
import { RUN_STATUSES } from '@cairn/sdk/protocol'
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

const PARSERS = {
  status: parseAsArrayOf(parseAsStringLiteral(RUN_STATUSES)).withDefault([]),
  agent: parseAsString.withDefault(''),
  sessionId: parseAsString.withDefault(''),
  userId: parseAsString.withDefault(''),
  tag: parseAsString.withDefault(''),
  errorGroup: parseAsString.withDefault(''),
  from: parseAsString.withDefault(''),
  to: parseAsString.withDefault(''),
  q: parseAsString.withDefault(''),
}

/** The filter of the runs list, in the address. */
export function useRunFilter() {
  const [filter, setFilter] = useQueryStates(PARSERS, { history: 'push' })
  const query = {
    status: filter.status.length > 0 ? filter.status : undefined,
    agent: filter.agent || undefined,
    sessionId: filter.sessionId || undefined,
    userId: filter.userId || undefined,
    tag: filter.tag || undefined,
    errorGroup: filter.errorGroup || undefined,
    from: filter.from || undefined,
    to: filter.to || undefined,
    q: filter.q || undefined,
  }
  return { filter, setFilter, query }
}
