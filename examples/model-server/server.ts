import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Answer, answer } from './answer.ts'
import { askOfMessages, MessagesRequest, messagesAnswer, messagesEvents } from './anthropic.ts'
import { closeEntry, Ledger, type LedgerEntry } from './ledger.ts'
import {
  askOfChat,
  askOfResponses,
  ChatRequest,
  chatAnswer,
  chatEvents,
  ResponsesRequest,
  responsesAnswer,
  responsesEvents,
} from './openai.ts'
import { composeText } from './prose.ts'

export interface ModelServer {
  readonly url: string
  readonly ledger: Ledger
  stop(): Promise<void>
}

const MAX_BODY_BYTES = 8 * 1024 * 1024
const PIECE_DELAY_MS = 4

const SearchRequest = z.object({ query: z.string() })

/** How a caller asks for trouble: `x-sim: rate_limit | server_error | context_length | content_filter | hang`, `x-sim-delay-ms: N`. */
const FAILURES: Readonly<Record<string, { status: number; type: string; code: string; message: string }>> = {
  rate_limit: {
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    message: 'Rate limit reached for requests. Please try again in 20s.',
  },
  server_error: { status: 500, type: 'api_error', code: 'server_error', message: 'The server had an error while processing your request.' },
  context_length: {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    message: "This model's maximum context length is 128000 tokens. However, your messages resulted in 131204 tokens.",
  },
  content_filter: {
    status: 400,
    type: 'invalid_request_error',
    code: 'content_filter',
    message: 'The response was filtered by the content policy.',
  },
}

/**
 * A model provider on loopback that answers the same to the same prompt: OpenAI's chat completions and responses and
 * Anthropic's messages, whole or streamed, with usage; a search tool; and a ledger of every call at /_ledger.
 */
export async function startModelServer({ port = 0, host = '127.0.0.1', msPerToken = 0 } = {}): Promise<ModelServer> {
  const ledger = new Ledger()
  const server = createServer((request, response) => {
    serve(request, response, { ledger, msPerToken }).catch(() => {
      if (!response.headersSent) sendJson(response, 500, { error: { type: 'api_error', message: 'the model server failed' } })
      else response.destroy()
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    ledger,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Pace {
  /** How long an output token takes. */
  readonly msPerToken: number
  /** Aborted when the caller is gone. */
  readonly gone: AbortSignal
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { ledger, msPerToken }: { ledger: Ledger; msPerToken: number },
): Promise<void> {
  const path = (request.url ?? '').split('?')[0]
  if (path === '/_ledger') {
    if (request.method === 'DELETE') ledger.entries.length = 0
    return sendJson(response, 200, { calls: ledger.entries })
  }
  const body: unknown = JSON.parse(await readText(request))
  const model = z.looseObject({ model: z.string() }).safeParse(body)
  const entry = ledger.open(request, model.success ? model.data.model : 'search')
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  await pretend(request, gone.signal)
  const failure = FAILURES[String(request.headers['x-sim'] ?? '')]
  if (failure !== undefined) {
    closeEntry(entry, failure.status, null)
    if (failure.status === 429) response.setHeader('retry-after', '20')
    return sendJson(response, failure.status, {
      type: 'error',
      error: { type: failure.type, code: failure.code, message: failure.message, param: null },
    })
  }
  await route(path ?? '', { body, response, entry, pace: { msPerToken, gone: gone.signal } })
}

interface Call {
  readonly body: unknown
  readonly response: ServerResponse
  readonly entry: LedgerEntry
  readonly pace: Pace
}

async function route(path: string, { body, response, entry, pace }: Call): Promise<void> {
  const whole = async (given: Answer, content: object) => {
    await sleep(given.tokens.output * pace.msPerToken, undefined, { signal: pace.gone }).catch(() => {})
    sendJson(response, 200, content)
  }
  switch (path) {
    case '/v1/chat/completions': {
      const asked = ChatRequest.parse(body)
      const ask = askOfChat(asked)
      const given = answer(ask)
      if (asked.stream) {
        const events = chatEvents(ask, given, asked.stream_options?.include_usage === true)
        await sendEvents(response, [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'], pace)
      } else await whole(given, chatAnswer(ask, given))
      return closeEntry(entry, 200, given.tokens)
    }
    case '/v1/responses': {
      const asked = ResponsesRequest.parse(body)
      const ask = askOfResponses(asked)
      const given = answer(ask)
      if (asked.stream) await sendEvents(response, responsesEvents(ask, given).map(namedEvent), pace)
      else await whole(given, responsesAnswer(ask, given))
      return closeEntry(entry, 200, given.tokens)
    }
    case '/v1/messages': {
      const asked = MessagesRequest.parse(body)
      const ask = askOfMessages(asked)
      const given = answer(ask)
      if (asked.stream) await sendEvents(response, messagesEvents(ask, given).map(namedEvent), pace)
      else await whole(given, messagesAnswer(ask, given))
      return closeEntry(entry, 200, given.tokens)
    }
    case '/tools/search': {
      const { query } = SearchRequest.parse(body)
      const results = [1, 2, 3].map((n) => ({
        title: `${query}: source ${n}`,
        url: `https://example.org/${encodeURIComponent(query)}/${n}`,
        text: composeText(`${query} ${n}`, 2),
      }))
      sendJson(response, 200, { results })
      return closeEntry(entry, 200, null)
    }
    default:
      closeEntry(entry, 404, null)
      return sendJson(response, 404, { error: { type: 'not_found_error', message: `${path} is not served here` } })
  }
}

const namedEvent = (event: { type: string }) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

/** Waits as the caller asked, or for as long as it stays. */
async function pretend(request: IncomingMessage, gone: AbortSignal): Promise<void> {
  const delayMs = request.headers['x-sim'] === 'hang' ? 3_600_000 : Math.min(600_000, Number(request.headers['x-sim-delay-ms'] ?? 15) || 0)
  await sleep(delayMs, undefined, { signal: gone }).catch(() => {})
}

/** A piece is three words: about four tokens. */
const TOKENS_PER_PIECE = 4

async function sendEvents(response: ServerResponse, events: readonly string[], { msPerToken, gone }: Pace): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
  for (const event of events) {
    if (gone.aborted) return
    response.write(event)
    await sleep(Math.max(PIECE_DELAY_MS, msPerToken * TOKENS_PER_PIECE))
  }
  response.end()
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Error('body too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
