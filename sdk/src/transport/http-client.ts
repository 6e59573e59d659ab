import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { type Dispatcher, Pool } from 'undici'
import type { Config } from '../config.ts'
import { CairnError, type CairnErrorCode, CollectorUnreachableError } from '../errors.ts'
import { ErrorBody } from '../protocol/errors.ts'
import { sleepMs } from '../runtime/abort.ts'
import { backoffDelayMs } from '../runtime/retry.ts'

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is, with `contentType`. */
  body?: string | Uint8Array
  contentType?: string
  headers?: Record<string, string>
  signal?: AbortSignal
  /** How long to go on trying while nobody answers or the answer is "later", in milliseconds. */
  retryForMs?: number
  /** How long to wait for one answer, in milliseconds. Default: 15,000. */
  timeoutMs?: number
  /** `none` ignores the body of a good answer. Default: JSON. */
  answer?: 'json' | 'none'
}

export interface HttpAnswer {
  status: number
  body: unknown
}

const BACKOFF = { backoffMs: 50, maxBackoffMs: 2_000 }
const LATER = new Set([429, 502, 503, 504])
const DEFAULT_RETRY_MS = 3_000

/** The collector's HTTP API over kept-alive connections. Its own requests make no spans. */
export class HttpClient {
  readonly url: string
  readonly #pool: Pool
  readonly #basePath: string
  readonly #headers: Record<string, string>

  constructor(config: Pick<Config, 'url' | 'apiKey'>) {
    this.url = config.url
    const { origin, pathname } = new URL(config.url)
    this.#basePath = pathname === '/' ? '' : pathname
    this.#headers = config.apiKey === undefined ? {} : { authorization: `Bearer ${config.apiKey}` }
    this.#pool = new Pool(origin, { keepAliveTimeout: 4_000, connect: { timeout: 5_000 } })
  }

  /**
   * Sends a request and gives its JSON answer.
   * @throws {CollectorUnreachableError} when nobody answered in `retryForMs`
   * @throws {CairnError} with the collector's code for answers of 400 and above
   */
  async request(request: HttpRequest): Promise<HttpAnswer> {
    const deadline = Date.now() + (request.retryForMs ?? DEFAULT_RETRY_MS)
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(request)
      if (!('error' in outcome)) return outcome
      const waitMs = Math.max(outcome.retryAfterMs ?? 0, backoffDelayMs(BACKOFF, attempt))
      if (!outcome.retryable || Date.now() + waitMs > deadline) throw outcome.error
      await sleepMs(waitMs, request.signal)
    }
  }

  /** Opens a stream of bytes, as for server-sent events. No retries: the reader knows where to go on. */
  async stream(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Dispatcher.ResponseData['body']> {
    const response = await this.#send({ method: 'GET', path, headers, signal }, 0)
    if (response.statusCode === 200) return response.body
    throw toError(response.statusCode, await response.body.text())
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }

  async #attempt(request: HttpRequest): Promise<HttpAnswer | FailedAttempt> {
    try {
      const response = await this.#send(request, request.timeoutMs ?? 15_000)
      const text = await response.body.text()
      if (response.statusCode < 400)
        return { status: response.statusCode, body: request.answer === 'none' || text === '' ? null : JSON.parse(text) }
      const retryAfter = Number(response.headers['retry-after'])
      return {
        error: toError(response.statusCode, text),
        retryable: LATER.has(response.statusCode),
        ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1_000 } : {}),
      }
    } catch (error) {
      request.signal?.throwIfAborted()
      return { error: new CollectorUnreachableError(this.url, error), retryable: true }
    }
  }

  #send(request: HttpRequest, timeoutMs: number): Promise<Dispatcher.ResponseData> {
    const body = request.json === undefined ? request.body : JSON.stringify(request.json)
    const headers: Record<string, string> = { ...this.#headers, ...request.headers }
    if (body !== undefined) headers['content-type'] = request.contentType ?? 'application/json'
    return context.with(suppressTracing(context.active()), () =>
      this.#pool.request({
        method: request.method,
        path: this.#basePath + request.path,
        headers,
        body: body ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        ...(request.signal ? { signal: request.signal } : {}),
      }),
    )
  }
}

interface FailedAttempt {
  error: CairnError
  retryable: boolean
  retryAfterMs?: number
}

function toError(status: number, text: string): CairnError {
  const body = ErrorBody.safeParse(parseJson(text))
  if (body.success) {
    const { code, message, details } = body.data.error
    const hint = code === 'unauthorized' ? ' Set CAIRN_API_KEY to a key of the project.' : ''
    return new CairnError(code, message + hint, { details })
  }
  const code = CODE_OF[status] ?? 'internal'
  return new CairnError(code, `The collector answered ${status}: ${text.slice(0, 300) || 'nothing'}. Is CAIRN_URL a Cairn collector?`)
}

const CODE_OF: Readonly<Record<number, CairnErrorCode>> = {
  401: 'unauthorized',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
