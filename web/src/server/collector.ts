import 'server-only'
import { ErrorBody } from '@cairn/sdk/protocol'
import { TRPCError } from '@trpc/server'
import { readConfig } from '@/config'

const TIMEOUT_MS = 30_000

const CODES = {
  400: 'BAD_REQUEST',
  401: 'INTERNAL_SERVER_ERROR',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'TOO_MANY_REQUESTS',
  501: 'NOT_IMPLEMENTED',
  503: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<number, TRPCError['code']>

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** When to give up, in place of a time: a large file takes as long as it takes. */
  readonly signal?: AbortSignal
}

/** Calls the collector's public API, with the project's key. */
export async function fetchCollector(
  path: string,
  { method = 'GET', query = {}, body, headers = {}, signal }: Call = {},
): Promise<Response> {
  const { CAIRN_URL, CAIRN_PROJECT_KEY } = readConfig()
  const url = new URL(path, CAIRN_URL)
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
  try {
    return await fetch(url, {
      method,
      cache: 'no-store',
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...headers,
        authorization: `Bearer ${CAIRN_PROJECT_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch (cause) {
    throw new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: 'The collector does not answer. Is it running?', cause })
  }
}

/** The same, for JSON. An error of the collector keeps its message: it is written for people. */
export async function callCollector<T>(path: string, call: Call = {}): Promise<T> {
  const text = await callCollectorText(path, call)
  return (text === '' ? null : JSON.parse(text)) as T
}

/** The same, for JSON that is read elsewhere. */
export async function callCollectorText(path: string, call: Call = {}): Promise<string> {
  const answer = await fetchCollector(path, call)
  if (answer.ok) return answer.text()
  const parsed = ErrorBody.safeParse(await answer.json().catch(() => null))
  const code = (CODES as Record<number, TRPCError['code']>)[answer.status] ?? 'INTERNAL_SERVER_ERROR'
  throw new TRPCError({ code, message: parsed.success ? parsed.data.error.message : `The collector answered ${answer.status}.` })
}
