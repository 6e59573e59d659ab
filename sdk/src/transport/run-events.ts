import { createParser } from 'eventsource-parser'
import { CairnError } from '../errors.ts'
import { RunEvent } from '../protocol/event.ts'
import { sleepMs } from '../runtime/abort.ts'
import { backoffDelayMs } from '../runtime/retry.ts'
import type { HttpClient } from './http-client.ts'

const BACKOFF = { backoffMs: 100, maxBackoffMs: 5_000 }

/** A run's events from `afterId` on, over as many connections as it takes. Ends only by its signal or its reader. */
export async function* readRunEvents(http: HttpClient, runId: string, afterId: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
  let lastId = afterId
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      const headers = { accept: 'text/event-stream', 'last-event-id': String(lastId) }
      const body = await http.stream(`/api/v1/runs/${runId}/events`, headers, signal)
      for await (const event of parseEvents(body)) {
        if (event.id <= lastId) continue
        lastId = event.id
        attempt = 1
        yield event
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof CairnError && error.code !== 'unavailable' && error.code !== 'rate_limited') throw error
    }
    await sleepMs(backoffDelayMs(BACKOFF, attempt), signal).catch(() => {})
  }
}

async function* parseEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<RunEvent> {
  const ready: RunEvent[] = []
  const parser = createParser({
    onEvent: (event) => {
      const parsed = RunEvent.safeParse(JSON.parse(event.data))
      // A newer collector may send types that this version doesn't know.
      if (parsed.success) ready.push(parsed.data)
    },
  })
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield* ready.splice(0)
  }
}
