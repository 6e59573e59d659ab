'use client'
import type { RunEvent } from '@cairn/sdk/protocol'
import { useEffect, useRef, useState } from 'react'
import { useTRPCClient } from '@/lib/trpc'

const LIVE_MS = 1_000
const STILL_MS = 5_000
/** More are not kept in the page. */
export const MOST_EVENTS = 50_000

/** The events of a run: those so far, page by page, and then those that come. */
export function useEvents(runId: string, isLive: boolean) {
  const client = useTRPCClient()
  const [events, setEvents] = useState<readonly RunEvent[] | null>(null)
  const [error, setError] = useState<{ message: string } | null>(null)
  // Not of the effect: a change of status must not read all again.
  const everyMs = useRef(STILL_MS)
  useEffect(() => {
    everyMs.current = isLive ? LIVE_MS : STILL_MS
  }, [isLive])
  useEffect(() => {
    let all: readonly RunEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const abort = new AbortController()
    const read = async () => {
      try {
        const page = await client.views.events.query({ id: runId, after: all.at(-1)?.id ?? 0 }, { signal: abort.signal })
        all = [...all, ...page]
        if (abort.signal.aborted) return
        setEvents(all)
        setError(null)
        if (all.length < MOST_EVENTS) timer = setTimeout(() => void read(), page.length > 0 ? 0 : everyMs.current)
      } catch (cause) {
        if (abort.signal.aborted) return
        setError({ message: cause instanceof Error ? cause.message : 'The log could not be read.' })
        timer = setTimeout(() => void read(), STILL_MS)
      }
    }
    void read()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [client, runId])
  return { events, error, isFull: (events?.length ?? 0) >= MOST_EVENTS }
}
