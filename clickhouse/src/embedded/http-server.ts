import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib'
import { CODES, httpStatusOf, raise, toException } from './exception.ts'
import { NamedSessions } from './named-sessions.ts'
import { readAsked } from './read-request.ts'
import { type ResultSink, runQuery, type Summary } from './run-query.ts'
import { SessionPool } from './session-pool.ts'
import { USER } from './user.ts'

export interface EngineServerOptions {
  readonly path: string
  readonly password: string
  readonly spoolDir: string
  /** Connections to the engine, and so queries at a time. */
  readonly sessions: number
}

/** Bound values come in the address: as much of them as ClickHouse's own server takes. */
const MOST_ADDRESS_BYTES = 1024 * 1024

/** The engine behind ClickHouse's HTTP interface, so that the same client talks to it and to a server. */
export function createEngineServer(options: EngineServerOptions): { server: Server; close(): void } {
  const pool = new SessionPool(options.path, options.sessions)
  const named = new NamedSessions(options.path)
  const running = new Set<string>()

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://engine')
    if (url.pathname === '/ping' || (url.pathname === '/' && request.method === 'GET' && !url.searchParams.has('query'))) {
      response.writeHead(200, { 'content-type': 'text/html; charset=UTF-8' }).end('Ok.\n')
      return
    }
    authenticate(request, url, options.password)
    const asked = readAsked(url, request.headers)
    const queryId = asked.queryId ?? randomUUID()
    if (running.has(queryId))
      throw raise(CODES.queryIdInUse, 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING', `Query with id = ${queryId} is already running`)
    running.add(queryId)
    response.setHeader('X-ClickHouse-Query-Id', queryId)
    const output = new Output(request, response, asked.compress)
    try {
      const work = (session: Parameters<typeof runQuery>[0]) =>
        runQuery(session, { asked, request, queryId, pool, spoolDir: options.spoolDir, sink: output })
      await (asked.session === null ? pool.use(work) : named.use(asked.session.id, asked.session, work))
      output.end()
    } catch (error) {
      output.fail(error)
    } finally {
      running.delete(queryId)
    }
  }

  const server = createServer({ maxHeaderSize: MOST_ADDRESS_BYTES }, (request, response) => {
    serve(request, response).catch((error: unknown) => new Output(request, response, false).fail(error))
  })
  server.keepAliveTimeout = 30_000
  server.requestTimeout = 0
  return {
    server,
    close: () => {
      named.close()
      pool.close()
    },
  }
}

function authenticate(request: IncomingMessage, url: URL, password: string): void {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const [user, key] =
    basic === undefined
      ? [
          request.headers['x-clickhouse-user'] ?? url.searchParams.get('user'),
          request.headers['x-clickhouse-key'] ?? url.searchParams.get('password'),
        ]
      : splitOnce(Buffer.from(basic, 'base64').toString('utf8'))
  if (user === USER && isSame(String(key ?? ''), password)) return
  throw raise(
    CODES.authenticationFailed,
    'AUTHENTICATION_FAILED',
    `${user ?? 'default'}: Authentication failed: password is incorrect, or there is no user with such name`,
  )
}

function splitOnce(text: string): [string, string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const ENCODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  zstd: createZstdCompress,
  gzip: createGzip,
  br: createBrotliCompress,
  deflate: createDeflate,
}

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^JSON.*EachRow/, 'application/x-ndjson; charset=UTF-8'],
  [/^JSON/, 'application/json; charset=UTF-8'],
  [/^(TabSeparated|TSV)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^CSV/, 'text/csv; charset=UTF-8; header=absent'],
  [/^(Native|RowBinary|Parquet|Arrow|ORC|Avro|RawBLOB)/, 'application/octet-stream'],
]

/** The answer: headers once, compression, and exceptions before or in the middle of the rows. */
class Output implements ResultSink {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #compress: boolean
  readonly #abort = new AbortController()
  readonly #tag = randomBytes(8).toString('hex')
  #body: NodeJS.WritableStream

  constructor(request: IncomingMessage, response: ServerResponse, compress: boolean) {
    this.#request = request
    this.#response = response
    this.#compress = compress
    this.#body = response
    response.once('close', () => {
      if (!response.writableFinished) this.#abort.abort()
    })
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  begin(format: string, summary: Summary): void {
    this.#head(200, TYPES.find(([pattern]) => pattern.test(format))?.[1] ?? 'text/plain; charset=UTF-8', {
      'X-ClickHouse-Format': format,
      'X-ClickHouse-Summary': JSON.stringify(summary),
      'X-ClickHouse-Exception-Tag': this.#tag,
    })
    const encoding = this.#compress ? this.#acceptedEncoding() : undefined
    if (encoding === undefined) return
    const encoder = ENCODERS[encoding]?.()
    if (encoder === undefined) return
    this.#response.setHeader('Content-Encoding', encoding)
    encoder.pipe(this.#response)
    this.#body = encoder
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#abort.signal.aborted) return
    if (this.#body.write(bytes)) return
    await new Promise<void>((resolve) => {
      this.#body.once('drain', resolve)
      this.#abort.signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  end(): void {
    this.#body.end()
  }

  fail(error: unknown): void {
    const { code, message } = toException(error)
    if (!this.#response.headersSent && this.#body === this.#response) {
      // What is left of a body that nobody reads would block the connection.
      this.#request.resume()
      this.#head(httpStatusOf(code), 'text/plain; charset=UTF-8', { 'X-ClickHouse-Exception-Code': String(code) })
      this.#response.removeHeader('X-ClickHouse-Summary')
      this.#response.end(`${message}\n`)
      return
    }
    // In the middle of the rows: as the server does since 25.11, so that no client takes them for all there are.
    const text = `${message}\n`
    const length = Buffer.byteLength(text)
    this.#body.end(`\r\n__exception__\r\n${this.#tag}\r\n${text}${length} ${this.#tag}\r\n__exception__\r\n`)
  }

  #head(status: number, type: string, headers: Record<string, string>): void {
    this.#response.statusCode = status
    this.#response.setHeader('Content-Type', type)
    this.#response.setHeader('X-ClickHouse-Server-Display-Name', 'embedded')
    this.#response.setHeader('X-ClickHouse-Timezone', 'UTC')
    for (const [name, value] of Object.entries(headers)) this.#response.setHeader(name, value)
  }

  #acceptedEncoding(): string | undefined {
    const accepted = String(this.#request.headers['accept-encoding'] ?? '')
      .split(',')
      .map((part) => part.split(';')[0]?.trim())
    return Object.keys(ENCODERS).find((name) => accepted.includes(name))
  }
}
