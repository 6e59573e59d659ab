import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { bindParams } from './bind-params.ts'
import { CODES, raise } from './exception.ts'
import { type Asked, readText, readToFile } from './read-request.ts'
import type { EngineSession, SessionPool } from './session-pool.ts'
import { insertFromFile, isPiecewise, readStatement, type Statement } from './statement.ts'

/** Where the answer goes. `begin` comes before the first byte, and only once nothing can fail before it any more. */
export interface ResultSink {
  readonly signal: AbortSignal
  begin(format: string, summary: Summary): void
  write(bytes: Uint8Array): Promise<void>
}

export interface Summary {
  readonly read_rows: string
  readonly read_bytes: string
  readonly written_rows: string
  readonly written_bytes: string
  readonly result_rows: string
  readonly elapsed_ns: string
}

export interface QueryParts {
  readonly asked: Asked
  readonly request: IncomingMessage
  readonly queryId: string
  /** Folder for the rows of inserts, in memory where the system has such. */
  readonly spoolDir: string
  readonly pool: SessionPool
  readonly sink: ResultSink
}

const MAX_STATEMENT_BYTES = 256 * 1024 * 1024

/** Text that marks the query in system.processes, where KILL QUERY finds it. */
const mark = (queryId: string) => `/* query_id:${queryId.replace(/[^\w.:-]/g, '_')} */ `

/** Runs one request's statement on a session, and streams what comes of it. */
export async function runQuery(session: EngineSession, parts: QueryParts): Promise<void> {
  const { asked, request } = parts
  const fromUrl = readStatement(asked.query)
  if (fromUrl.kind === 'insert' && fromUrl.format !== null && !/\bSELECT\b/i.test(fromUrl.text)) return insertRows(session, parts, fromUrl)
  const body = await readText(request, MAX_STATEMENT_BYTES)
  const statement = readStatement(`${asked.query}${asked.query && body ? '\n' : ''}${body}`)
  if (statement.text === '') throw raise(62, 'SYNTAX_ERROR', 'Syntax error: Empty query')
  if (request.method === 'GET' && statement.kind !== 'read')
    throw raise(CODES.readonly, 'READONLY', 'Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly')
  await session.prepare(asked.database, asked.settings)
  if (statement.isSelect && isPiecewise(statement.format ?? asked.format)) return streamRows(session, parts, statement)
  return wholeResult(session, parts, statement)
}

async function insertRows(session: EngineSession, parts: QueryParts, statement: Statement): Promise<void> {
  const path = join(parts.spoolDir, `${randomUUID()}.rows`)
  await readToFile(parts.request, path)
  try {
    await session.prepare(parts.asked.database, parts.asked.settings)
    const sql = insertFromFile(statement, path) ?? statement.text
    const result = await onAbort(parts, () =>
      session.session.queryBindAsync(mark(parts.queryId) + sql, bindParams(sql, parts.asked.params)),
    )
    parts.sink.begin(
      parts.asked.format,
      summaryOf({ rows: result.rowsRead, bytes: result.bytesRead, elapsed: result.elapsed, written: true }),
    )
  } finally {
    await rm(path, { force: true })
  }
}

async function streamRows(session: EngineSession, parts: QueryParts, statement: Statement): Promise<void> {
  const { asked, sink } = parts
  const format = statement.format ?? asked.format
  const stream = session.session.queryStreamBind(mark(parts.queryId) + statement.text, bindParams(statement.text, asked.params), { format })
  let begun = false
  try {
    await onAbort(parts, async () => {
      for await (const chunk of stream) {
        if (sink.signal.aborted) break
        if (!begun) sink.begin(format, summaryOf({ rows: 0, bytes: 0, elapsed: 0, written: false }))
        begun = true
        await sink.write(chunk.raw())
      }
    })
  } finally {
    stream.cancel()
  }
  if (!begun) sink.begin(format, summaryOf({ rows: 0, bytes: 0, elapsed: 0, written: false }))
}

async function wholeResult(session: EngineSession, parts: QueryParts, statement: Statement): Promise<void> {
  const { asked, sink } = parts
  const format = statement.format ?? asked.format
  const result = await onAbort(parts, () =>
    session.session.queryBindAsync(mark(parts.queryId) + statement.text, bindParams(statement.text, asked.params), { format }),
  )
  sink.begin(
    format,
    summaryOf({ rows: result.rowsRead, bytes: result.bytesRead, elapsed: result.elapsed, written: statement.kind === 'insert' }),
  )
  const bytes = result.bytes()
  if (bytes.length > 0) await sink.write(bytes)
}

/** When the caller goes away the engine stops: another connection kills the query by its mark. */
async function onAbort<T>({ sink, pool, queryId }: QueryParts, work: () => Promise<T>): Promise<T> {
  const kill = () => {
    const pattern = `${mark(queryId).trim()}%`
    pool.use((other) => other.session.queryAsync(`KILL QUERY WHERE query LIKE '${pattern}' ASYNC`)).catch(() => {})
  }
  sink.signal.addEventListener('abort', kill, { once: true })
  try {
    return await work()
  } finally {
    sink.signal.removeEventListener('abort', kill)
  }
}

function summaryOf(result: { rows: number; bytes: number; elapsed: number; written: boolean }): Summary {
  const rows = String(result.rows)
  const bytes = String(result.bytes)
  return {
    read_rows: rows,
    read_bytes: bytes,
    written_rows: result.written ? rows : '0',
    written_bytes: result.written ? bytes : '0',
    result_rows: result.written ? rows : '0',
    elapsed_ns: String(Math.round(result.elapsed * 1e9)),
  }
}
