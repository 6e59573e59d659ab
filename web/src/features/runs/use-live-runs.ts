'use client'
import type { RunSummary } from '@cairn/sdk/protocol'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTRPC } from '@/lib/trpc'
import { findNew, mergeRows } from './live-rows-model'

const REFRESH_MS = 1_500
const PAGE = 50
const LIVE = new Set(['queued', 'running', 'waiting', 'paused', 'crashed'])

interface Asked {
  readonly query: string
  readonly subAgents: boolean
  readonly sort: 'started' | 'duration' | 'cost' | 'tokens'
  readonly order: 'asc' | 'desc'
}

/** A live list: rows in place are as they are now; new ones wait where they would move what is read. */
export function useLiveRuns(asked: Asked, { isHeld, enabled }: { isHeld: boolean; enabled: boolean }) {
  const trpc = useTRPC()
  const key = JSON.stringify(asked)
  const [accepted, setAccepted] = useState<{ key: string; rows: readonly RunSummary[] }>({ key, rows: [] })
  const [visible, setVisible] = useState<readonly string[]>([])
  const pages = useInfiniteQuery(
    trpc.runs.find.infiniteQueryOptions(
      { ...asked, limit: PAGE },
      {
        enabled,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 0,
        refetchOnWindowFocus: false,
      },
    ),
  )
  const head = useQuery({ ...trpc.runs.find.queryOptions({ ...asked, limit: PAGE }), enabled, refetchInterval: REFRESH_MS })
  const loaded = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  const own = accepted.key === key ? accepted.rows : []
  const inHead = useMemo(() => new Set(head.data?.items.map((run): string => run.id)), [head.data])
  const known = useMemo(() => new Map([...own, ...loaded].map((run): [string, RunSummary] => [run.id, run])), [own, loaded])
  const lost = visible.filter((id) => !inHead.has(id) && LIVE.has(known.get(id)?.status ?? '')).slice(0, 50)
  const live = useQuery({
    ...trpc.runs.find.queryOptions({ query: `id:${lost.join(',')}`, subAgents: true, sort: 'started', order: 'desc', limit: PAGE }),
    enabled: enabled && lost.length > 0,
    refetchInterval: REFRESH_MS,
  })
  const now = useMemo(
    () => new Map([...(live.data?.items ?? []), ...(head.data?.items ?? [])].map((run): [string, RunSummary] => [run.id, run])),
    [live.data, head.data],
  )
  const runs = useMemo(() => mergeRows(own, loaded, now), [own, loaded, now])
  const fresh = useMemo(
    () => (pages.isSuccess && head.data !== undefined ? findNew(head.data.items, runs) : []),
    [head.data, runs, pages.isSuccess],
  )
  const isNewestFirst = asked.sort === 'started' && asked.order === 'desc'
  const { refetch } = pages
  const accept = useCallback(() => {
    if (isNewestFirst) setAccepted((before) => ({ key, rows: mergeRows(fresh, before.key === key ? before.rows : [], new Map()) }))
    // In another order each has its own place.
    else void refetch()
  }, [fresh, key, isNewestFirst, refetch])
  useEffect(() => {
    if (!isHeld && fresh.length > 0) accept()
  }, [isHeld, fresh, accept])
  return { pages, runs, fresh: isHeld ? fresh.length : 0, accept, setVisible }
}
