'use client'
import { useEffect, useReducer, useRef } from 'react'
import type { ReadTrace, TraceAnalysis, TraceData, TraceMessage } from './trace-worker'

interface TraceState {
  readonly data: TraceData | null
  readonly analysis: TraceAnalysis | null
  /** All of it is here. */
  readonly isComplete: boolean
  /** No span of it has arrived. */
  readonly isMissing: boolean
  readonly error: string | null
  readonly etag: string | null
  /** Bytes of the last answer, decompressed. */
  readonly bytes: number
  /** Raised with each answer, also one that says that nothing is new. */
  readonly answers: number
}

const NOTHING: TraceState = {
  data: null,
  analysis: null,
  isComplete: false,
  isMissing: false,
  error: null,
  etag: null,
  bytes: 0,
  answers: 0,
}

function reduce(state: TraceState, message: Exclude<TraceMessage, { type: 'ready' }> | { readonly type: 'reset' }): TraceState {
  const answered = { ...state, answers: state.answers + 1, error: null }
  switch (message.type) {
    case 'reset':
      return NOTHING
    case 'data':
      return { ...state, data: message.data, isMissing: false }
    case 'end':
      return { ...answered, isComplete: true, etag: message.etag, bytes: message.bytes }
    case 'analysis':
      return { ...state, analysis: message.analysis }
    case 'unchanged':
      return answered
    case 'missing':
      return { ...answered, isMissing: state.data === null }
    case 'error':
      return { ...state, answers: state.answers + 1, error: message.message }
  }
}

/** Asked again after this many times what the last answer took, so that large traces don't keep the machine busy. */
const REST = 4

/**
 * The spans of a trace, read and put in order by a worker, and asked for again every `everyMs`; null: not again.
 * What the page has stays while new spans are on their way.
 */
export function useTrace(traceId: string | null, everyMs: number | null): TraceState {
  const [state, dispatch] = useReducer(reduce, NOTHING)
  const worker = useRef<Worker | null>(null)
  const askedAt = useRef(0)
  const etag = useRef<string | null>(null)
  etag.current = state.etag
  const ask = useRef((_id: string) => {})

  useEffect(() => {
    if (traceId === null) return
    const started = new Worker(new URL('./trace-worker.ts', import.meta.url), { type: 'module', name: 'trace' })
    worker.current = started
    started.addEventListener('message', (event: MessageEvent<TraceMessage>) => {
      if (event.data.type === 'ready') ask.current(traceId)
      else dispatch(event.data)
    })
    started.addEventListener('error', (event) =>
      dispatch({ type: 'error', message: event.message || 'The page could not read the trace.' }),
    )
    ask.current = (id) => {
      askedAt.current = performance.now()
      const url = `${window.location.origin}/api/traces/${id}/table`
      started.postMessage({ url, etag: etag.current, nowMs: Date.now() } satisfies ReadTrace)
    }
    return () => {
      started.terminate()
      worker.current = null
      dispatch({ type: 'reset' })
    }
  }, [traceId])

  const { answers } = state
  useEffect(() => {
    if (traceId === null || everyMs === null || answers === 0) return
    const tookMs = performance.now() - askedAt.current
    const timer = setTimeout(() => ask.current(traceId), Math.max(everyMs, tookMs * REST))
    return () => clearTimeout(timer)
  }, [traceId, everyMs, answers])
  return state
}
