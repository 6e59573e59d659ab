'use client'
import type { ActivitySort } from '@cairn/clickhouse'
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

/** By what sessions and users can be sorted: as the store says it. */
const SORTS = [
  'lastSeen',
  'firstSeen',
  'duration',
  'sessions',
  'runs',
  'turns',
  'tokens',
  'cost',
  'errors',
  'success',
  'id',
] as const satisfies readonly ActivitySort[]

const PARSERS = {
  q: parseAsString.withDefault(''),
  userId: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(SORTS).withDefault('lastSeen'),
  descending: parseAsBoolean.withDefault(true),
}

/** Search and order of a list of sessions or users, in the address. */
export function useActivityList() {
  const [state, setState] = useQueryStates(PARSERS, { history: 'push' })
  const onSort = (sort: ActivitySort) =>
    void setState(sort === state.sort ? { descending: !state.descending } : { sort, descending: sort !== 'id' })
  return { ...state, setState, sorting: { sort: state.sort, descending: state.descending, onSort } }
}
