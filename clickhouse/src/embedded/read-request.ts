import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { CODES, raise } from './exception.ts'

/** What a request asks, apart from its body. */
export interface Asked {
  readonly database: string
  readonly queryId: string | null
  /** Default format of results. */
  readonly format: string
  readonly params: Readonly<Record<string, string>>
  readonly settings: ReadonlyMap<string, string>
  /** Query text in the address; the body follows it. */
  readonly query: string
  readonly session: { readonly id: string; readonly mustExist: boolean; readonly timeoutS: number } | null
  readonly compress: boolean
  readonly waitEndOfQuery: boolean
}

/** Names of the HTTP interface itself; all others are settings of the query. */
const OWN = new Set([
  'query',
  'database',
  'query_id',
  'default_format',
  'user',
  'password',
  'role',
  'quota_key',
  'session_id',
  'session_check',
  'session_timeout',
  'enable_http_compression',
  'http_zlib_compression_level',
  'wait_end_of_query',
  'buffer_size',
  'compress',
  'decompress',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'cancel_http_readonly_queries_on_client_close',
  'add_http_cors_header',
])

export function readAsked(url: URL, headers: IncomingMessage['headers']): Asked {
  const query = url.searchParams
  const params: Record<string, string> = {}
  const settings = new Map<string, string>()
  for (const [name, value] of query) {
    if (OWN.has(name)) continue
    if (!/^\w+$/.test(name)) throw raise(115, 'UNKNOWN_SETTING', `Unknown setting '${name}'`)
    if (name.startsWith('param_')) params[name.slice('param_'.length)] = value
    else settings.set(name, value)
  }
  const header = (name: string) => (typeof headers[name] === 'string' ? headers[name] : null)
  const sessionId = query.get('session_id')
  return {
    database: query.get('database') ?? header('x-clickhouse-database') ?? 'default',
    queryId: query.get('query_id') ?? header('x-clickhouse-query-id'),
    format: query.get('default_format') ?? header('x-clickhouse-format') ?? 'TabSeparated',
    params,
    settings,
    query: query.get('query') ?? '',
    session:
      sessionId === null
        ? null
        : { id: sessionId, mustExist: query.get('session_check') === '1', timeoutS: Number(query.get('session_timeout') ?? 60) || 60 },
    compress: query.get('enable_http_compression') === '1',
    waitEndOfQuery: query.get('wait_end_of_query') === '1',
  }
}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

function decoded(request: IncomingMessage): Readable | NodeJS.ReadWriteStream {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return request
  const decoder = DECODERS[encoding]
  if (decoder === undefined) throw raise(CODES.badArguments, 'BAD_ARGUMENTS', `Unknown Content-Encoding: ${encoding}`)
  const stream = decoder()
  request.pipe(stream)
  request.once('error', (error) => stream.emit('error', error))
  return stream
}

/** The body as text, for statements. */
export async function readText(request: IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of decoded(request) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limitBytes)
      throw raise(CODES.tooLarge, 'TOO_MANY_BYTES', `A statement may have ${limitBytes} bytes; send rows as an INSERT with FORMAT`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The body into a file, whole or not at all: a request cut off must not insert half of its rows. */
export async function readToFile(request: IncomingMessage, path: string): Promise<void> {
  try {
    await pipeline(decoded(request) as Readable, createWriteStream(path, { mode: 0o600 }))
    if (!request.complete) throw new Error('the request was cut off')
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}
