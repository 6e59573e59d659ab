import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client.ts'

export type { PrismaClient }

/** For what people own. One a process: it has a pool of its own. */
export function createPrisma(databaseUrl: string, { max = 10, applicationName = 'cairn' } = {}): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max, application_name: applicationName }) })
}

const CONNECT_MS = 15_000
const STATEMENT_MS = 60_000

export interface PoolOptions {
  max?: number
  /** Shown in pg_stat_activity. */
  applicationName?: string
  /** An idle connection that broke (Postgres restarted): the pool opens another. */
  onError?: (error: Error) => void
}

/** For the SQL of src/<entity>/: bigint as number, timestamptz as RFC 3339 in UTC with microseconds, numeric as string. */
export function createPool(databaseUrl: string, { max = 10, applicationName = 'cairn', onError = () => {} }: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    application_name: applicationName,
    options: '-c timezone=UTC -c datestyle=ISO',
    // A server that is gone without a word must not hold a statement for as long as the kernel waits, nor one search all connections.
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 5_000,
    keepAlive: true,
    types: { getTypeParser },
  })
  pool.on('error', onError)
  // One in use that breaks between two queries of a transaction: its next query fails, the process must not.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.INT8]: safeInteger,
  [pg.types.builtins.TIMESTAMPTZ]: (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z'),
}

const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  (format !== 'binary' && PARSERS[oid]) || pg.types.getTypeParser(oid, format ?? 'text')) as typeof pg.types.getTypeParser

/** Sequences and counts stay far below 2^53; what doesn't must not be rounded silently. */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit into a number: cast it to text in SQL`)
  return value
}
