'use client'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { useTRPC } from '@/lib/trpc'
import { useRested } from '@/lib/use-rested'
import { addFoundIds, findByWords } from './find-spans'
import type { TraceData } from './trace-worker'

const REST_MS = 300

/** Ids of spans in whose inputs, outputs and attributes the server found a text, once the reader has rested. */
export function useServerFind(traceId: string, q: string, isReady = true) {
  const trpc = useTRPC()
  const text = q.trim()
  const settled = useRested(text === '' ? null : text, REST_MS) ?? ''
  const remote = useQuery({
    ...trpc.traces.find.queryOptions({ traceId: traceId as never, q: settled }),
    enabled: settled !== '' && isReady,
    staleTime: 10_000,
  })
  // What was found for the query before stays out: its hits would pass for those of the new one.
  const isOfQuery = settled !== '' && settled === text
  return {
    ids: isOfQuery ? remote.data?.spanIds : undefined,
    isSearching: remote.isFetching || (text !== '' && settled !== text),
    error: remote.error,
    truncated: isOfQuery && remote.data?.truncated === true,
  }
}

/** Spans that a search finds: names at once, inputs, outputs and attributes when the server has looked. */
export function useFind(data: TraceData | null, traceId: string, q: string) {
  const { ids, ...remote } = useServerFind(traceId, q, data !== null)
  const deferred = useDeferredValue(q)
  const found = useMemo(() => {
    if (data === null || deferred.trim() === '') return null
    const rows = addFoundIds(data, findByWords(data, deferred), ids ?? [])
    const positions = data.index.spanAt.map((row, position) => (rows[row] === 1 ? position : -1)).filter((position) => position >= 0)
    return { rows, positions }
  }, [data, deferred, ids])
  return { found, ...remote }
}
