'use client'
import { useEffect, useReducer, useRef } from 'react'
import { fetchTable } from './fetch-table'
import { tableUrl } from './table-url'
import type { Told, TraceAnalysis, TraceData, TraceMessage } from './trace-worker'

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

type Message =
  | Told
  | { readonly type: 'unchanged' }
  | { readonly type: 'missing' }
  /** Another trace. */
  | { readonly type: 'reset' }

function reduce(state: TraceState, message: Message): TraceState {
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
 * What the page has stays while new spans are on their way. `runId`: only what this run did, which another one called.
 */
export function useTrace(traceId: string | null, everyMs: number | null, runId: string | null = null): TraceState {
  const [state, dispatch] = useReducer(reduce, NOTHING)
  const askedAt = useRef(0)
  const etag = useRef<string | null>(null)
  etag.current = state.etag
  const ask = useRef(() => {})

  useEffect(() => {
    if (traceId === null) return
    // Of another trace there is nothing yet.
    etag.current = null
    const worker = new Worker(new URL('./trace-worker.ts', import.meta.url), { type: 'module', name: 'trace' })
    let reading = 0
    let now = new AbortController()
    /** Ends the reading: nothing of it is heard any more. */
    const fail = (message: string) => {
      if (now.signal.aborted) return
      now.abort()
      dispatch({ type: 'error', message })
    }
    const ready = new Promise<void>((resolve, reject) => {
      worker.addEventListener('message', ({ data: message }: MessageEvent<TraceMessage>) => {
        if (message.type === 'ready') resolve()
        else if (message.reading !== reading || now.signal.aborted) return
        else if (message.type === 'error') fail(message.message)
        else dispatch(message)
      })
      worker.addEventListener('error', (event) => {
        const message = event.message || 'The page could not read the trace. Load it again.'
        reject(new Error(message))
        fail(message)
      })
    })
    ready.catch(() => {})
    ask.current = () => {
      now.abort()
      const own = new AbortController()
      now = own
      reading += 1
      askedAt.current = performance.now()
      const { signal } = own
      fetchTable({ url: tableUrl(traceId), etag: etag.current, reading, runId, signal, worker, ready }).then(
        (outcome) => outcome === 'sent' || signal.aborted || dispatch({ type: outcome }),
        (error: unknown) => signal.aborted || fail(error instanceof Error ? error.message : String(error)),
      )
    }
    // Not after the worker is up: the answer is on its way meanwhile.
    ask.current()
    return () => {
      now.abort()
      worker.terminate()
      dispatch({ type: 'reset' })
    }
  }, [traceId, runId])

  const { answers } = state
  useEffect(() => {
    if (traceId === null || everyMs === null || answers === 0) return
    const tookMs = performance.now() - askedAt.current
    const timer = setTimeout(() => ask.current(), Math.max(everyMs, tookMs * REST))
    return () => clearTimeout(timer)
  }, [traceId, everyMs, answers])
  return state
}
