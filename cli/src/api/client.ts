import { ErrorBody } from '@cairn/sdk/protocol'
import type { z } from 'zod'
import { CliError } from '../errors.ts'
import type { Settings } from '../settings.ts'

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface Answer<T> {
  readonly value: T
  /** The answer as the collector sent it: what `--json` prints, fields of newer collectors included. */
  readonly raw: unknown
}

const TIMEOUT_MS = 60_000

/** The collector's HTTP API. Errors come out as CliError, with a remedy. */
export class ApiClient {
  readonly settings: Settings
  constructor(settings: Settings) {
    this.settings = settings
  }

  async get<T extends z.ZodType>(path: string, schema: T, query: Query = {}): Promise<Answer<z.output<T>>> {
    return this.#parse(await this.send('GET', path, { query }), schema)
  }

  async post<T extends z.ZodType>(path: string, schema: T, body: unknown = {}): Promise<Answer<z.output<T>>> {
    return this.#parse(await this.send('POST', path, { body }), schema)
  }

  async delete<T extends z.ZodType>(path: string, schema: T): Promise<Answer<z.output<T>>> {
    return this.#parse(await this.send('DELETE', path, {}), schema)
  }

  /** The answer of a successful request, its body unread. */
  async send(
    method: string,
    path: string,
    options: {
      query?: Query
      body?: unknown
      headers?: Readonly<Record<string, string>>
      signal?: AbortSignal
      /** Null: as long as it takes. */
      timeoutMs?: number | null
    },
  ): Promise<Response> {
    const { settings } = this
    if (settings.key === undefined) throw noKey(settings)
    const url = `${settings.url}${path}${toSearch(options.query ?? {})}`
    const timeoutMs = options.timeoutMs === undefined ? TIMEOUT_MS : options.timeoutMs
    const signals = [options.signal, timeoutMs === null ? undefined : AbortSignal.timeout(timeoutMs)].filter(
      (signal) => signal !== undefined,
    )
    let answer: Response
    try {
      answer = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${settings.key}`,
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      })
    } catch (cause) {
      if (options.signal?.aborted) throw cause
      throw unreachable(settings, cause)
    }
    if (!answer.ok) throw await refusal(answer, settings)
    return answer
  }

  async #parse<T extends z.ZodType>(answer: Response, schema: T): Promise<Answer<z.output<T>>> {
    let raw: unknown
    try {
      raw = JSON.parse(await answer.text())
    } catch (cause) {
      throw strange(this.settings, 'an answer that is not JSON', cause)
    }
    const parsed = schema.safeParse(raw)
    if (parsed.success) return { value: parsed.data, raw }
    const [issue] = parsed.error.issues
    throw strange(this.settings, `an answer that this CLI doesn't understand (${issue?.path.join('.')}: ${issue?.message})`, parsed.error)
  }
}

export function toSearch(query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, typeof value === 'object' ? value.join(',') : String(value))
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

const noKey = ({ url }: Settings) =>
  new CliError('failure', `There is no API key for ${url}.`, {
    remedy: 'Set CAIRN_API_KEY or --key (Settings → API keys), or run this in the repository in which `npm start` runs.',
  })

const strange = ({ url }: Settings, what: string, cause: unknown) =>
  new CliError('failure', `${url} sent ${what}.`, { remedy: 'Is this the collector, and as new as this CLI? `cairn doctor` looks.', cause })

/** Node says "fetch failed" and keeps the reason in the cause. */
export function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'it did not answer in time'
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (error instanceof Error && error.cause !== undefined) return reasonOf(error.cause)
  if (error instanceof Error) return error.message
  return String(error)
}

const unreachable = ({ url, urlFrom }: Settings, cause: unknown) =>
  new CliError('unreachable', `The collector at ${url} (${urlFrom}) can't be reached: ${reasonOf(cause)}.`, {
    remedy: 'Start it with `npm start`, or set CAIRN_URL or --url to where it runs.',
    cause,
  })

const MORE_IN_ERROR = 64 * 1024

async function refusal(answer: Response, settings: Settings): Promise<CliError> {
  const text = (await answer.text().catch(() => '')).slice(0, MORE_IN_ERROR)
  const body = ErrorBody.safeParse(tryJson(text))
  if (!body.success)
    return new CliError(
      answer.status === 404 ? 'not_found' : 'failure',
      `${settings.url} answered ${answer.status} to ${new URL(answer.url).pathname}.`,
      {
        remedy: 'Is this the address of the collector? `cairn doctor` looks.',
      },
    )
  const { code, message, details } = body.data.error
  const answered = { code, ...(details === undefined ? {} : { details }) }
  if (code === 'unauthorized' || code === 'forbidden')
    return new CliError('failure', message, {
      remedy: `The key came from ${settings.keyFrom}. Give a key of this collector by --key or CAIRN_API_KEY.`,
      answer: answered,
    })
  if (code === 'not_found' && message.includes('is not an address of this API'))
    return new CliError('failure', `The collector at ${settings.url} doesn't know this command yet: ${message}`, {
      remedy: 'Update the collector to the version of this CLI.',
      answer: answered,
    })
  return new CliError(code === 'not_found' ? 'not_found' : code === 'invalid_request' ? 'usage' : 'failure', message, { answer: answered })
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
