'use client'
import { RUN_SORTS } from '@cairn/sdk/protocol'
import { createSerializer, parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useEffect, useMemo } from 'react'
import { COLUMN_NAMES, DEFAULT_COLUMNS } from './columns'
import { foldOldFilter } from './query-model'

const text = parseAsString.withDefault('')
const PARSERS = {
  query: text,
  sort: parseAsStringLiteral(RUN_SORTS).withDefault('started'),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('desc'),
  columns: parseAsArrayOf(parseAsStringLiteral(COLUMN_NAMES)).withDefault([...DEFAULT_COLUMNS]),
  row: text,
  /** Runs of sub-agents too. */
  subs: parseAsBoolean.withDefault(false),
}
const toAddress = createSerializer(PARSERS)

export interface View {
  readonly query: string
  readonly columns: readonly string[]
  /** "cost:desc". */
  readonly sort: string
}

/** A stored view as parts of the address. What this version doesn't know any more is left out. */
export function readView({ query, columns, sort }: View) {
  const [by, way] = sort.split(':')
  return {
    query,
    columns: COLUMN_NAMES.filter((name) => columns.includes(name)),
    sort: RUN_SORTS.find((known) => known === by) ?? 'started',
    order: way === 'asc' ? ('asc' as const) : ('desc' as const),
  }
}

/** Opens the runs under a stored view. */
export const viewHref = (view: View): string => toAddress('/runs', readView(view))

const OLD = {
  status: parseAsArrayOf(parseAsString).withDefault([]),
  agent: text,
  version: text,
  sessionId: text,
  userId: text,
  tag: text,
  errorGroup: text,
  from: text,
  to: text,
  q: text,
}

/** What the page shows, in the address: query, order, columns, the row where the reader is. */
export function useRunsAddress() {
  const [address, setAddress] = useQueryStates(PARSERS, { history: 'push' })
  const [old, setOld] = useQueryStates(OLD, { history: 'replace' })
  const query = useMemo(() => foldOldFilter(address.query, old), [address.query, old])
  const isOld = query !== address.query
  useEffect(() => {
    if (!isOld) return
    void setAddress({ query }, { history: 'replace' })
    void setOld(null)
  }, [isOld, query, setAddress, setOld])
  return { ...address, query, setAddress }
}
