import { ENDED_STATUSES, RunEvent, RunSummary } from '@cairn/sdk/protocol'
import { createParser } from 'eventsource-parser'
import { CliError } from '../errors.ts'
import type { ApiClient } from './client.ts'

export interface FollowOptions {
  readonly signal: AbortSignal
  /** Only what comes after this event. Default: all of them. */
  readonly after?: number
  /** End with what is stored now instead of waiting for more. */
  readonly follow?: boolean
  readonly onReconnect?: (problem: string) => void
  /** For tests: how long to wait before each try. */
  readonly waitMs?: (attempt: number) => number
}

const MOST_ATTEMPTS = 20
const waitMsOf = (attempt: number) => Math.min(10_000, 250 * 2 ** attempt)

/** Events of a run in order, each once, over broken connections; ends with the run. */
export async function* followRun(api: ApiClient, runId: string, options: FollowOptions): AsyncGenerator<RunEvent> {
  let after = options.after ?? 0
  for (let attempt = 0; !options.signal.aborted; ) {
    try {
      const answer = await api.send('GET', `/api/v1/runs/${runId}/events`, {
        query: options.follow === false ? { follow: false } : {},
        headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
        signal: options.signal,
        timeoutMs: null,
      })
      for await (const event of readEvents(answer)) {
        if (event.id <= after) continue
        after = event.id
        attempt = 0
        yield event
      }
      if (options.follow === false || (await hasNoMore(api, runId, after))) return
    } catch (error) {
      if (options.signal.aborted) return
      // A refusal stays one; a lost connection or a store that is away passes.
      const passing = !(error instanceof CliError) || error.code === 'unreachable' || error.answer?.code === 'unavailable'
      if (!passing || attempt >= MOST_ATTEMPTS) throw error
      options.onReconnect?.(error instanceof Error ? error.message : String(error))
    }
    await pause((options.waitMs ?? waitMsOf)(attempt++), options.signal)
  }
}

/** The stream also ends when a collector stops: only one that has nothing further and ends again means the end of the run. */
async function hasNoMore(api: ApiClient, runId: string, after: number): Promise<boolean> {
  const { value } = await api.get(`/api/v1/runs/${runId}`, RunSummary.pick({ status: true }))
  if (!(ENDED_STATUSES as readonly string[]).includes(value.status)) return false
  const rest = await api.send('GET', `/api/v1/runs/${runId}/events`, { query: { follow: false, lastEventId: after } })
  for await (const _ of readEvents(rest)) return false
  return true
}

async function* readEvents(answer: Response): AsyncGenerator<RunEvent> {
  const ready: RunEvent[] = []
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = RunEvent.safeParse(JSON.parse(data))
      // A kind of event that came with a later version.
      if (event.success) ready.push(event.data)
    },
  })
  if (answer.body === null) return
  const decoder = new TextDecoder()
  for await (const chunk of answer.body) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield* ready.splice(0)
  }
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
