import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
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
const DEFAULT_TIMEOUT_MS = 15_000

/** The collector's HTTP API over kept-alive connections. Its own requests make no spans. */
export class HttpClient {
  readonly url: string
  readonly #headers: Record<string, string>

  constructor(config: Pick<Config, 'url' | 'apiKey'>) {
    this.url = config.url
    this.#headers = config.apiKey === undefined ? {} : { authorization: `Bearer ${config.apiKey}` }
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
  async stream(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.#send({ method: 'GET', path, headers }, signal)
    if (response.status === 200 && response.body !== null) return response.body
    throw toError(response.status, await response.text())
  }

  async #attempt(request: HttpRequest): Promise<HttpAnswer | FailedAttempt> {
    try {
      const timeout = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS)
      const response = await this.#send(request, request.signal ? AbortSignal.any([request.signal, timeout]) : timeout)
      const text = await response.text()
      if (response.ok) return { status: response.status, body: request.answer === 'none' || text === '' ? null : JSON.parse(text) }
      const retryAfter = Number(response.headers.get('retry-after'))
      return {
        error: toError(response.status, text),
        retryable: LATER.has(response.status),
        ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1_000 } : {}),
      }
    } catch (error) {
      request.signal?.throwIfAborted()
      return { error: new CollectorUnreachableError(this.url, error), retryable: true }
    }
  }

  #send(request: Omit<HttpRequest, 'signal' | 'timeoutMs'>, signal: AbortSignal): Promise<Response> {
    // No body lies in shared memory, which is all that fetch refuses.
    const body = (request.json === undefined ? request.body : JSON.stringify(request.json)) as string | Uint8Array<ArrayBuffer> | undefined
    const headers: Record<string, string> = { ...this.#headers, ...request.headers }
    if (body !== undefined) headers['content-type'] = request.contentType ?? 'application/json'
    return context.with(suppressTracing(context.active()), () =>
      fetch(this.url + request.path, { method: request.method, headers, body: body ?? null, signal, redirect: 'manual' }),
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
