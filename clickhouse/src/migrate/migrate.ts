import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ClickHouseClient, createClickHouse } from '../client.ts'
import { ClickHouseStoreError } from '../errors.ts'
import { distributedTable, localDatabase, onCluster, tablesOf } from './on-cluster.ts'

export interface MigrateOptions {
  /** With the database that it makes if there is none. */
  readonly url: string
  /** Name of the cluster that all tables are made on; left out: a server alone. */
  readonly cluster?: string | undefined
  readonly log?: (message: string) => void
}

const FOLDER = join(import.meta.dirname, '..', '..', 'migrations')
/** A migration may go through all rows. */
const STATEMENT_TIMEOUT_MS = 3_600_000
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations (name String, applied_at DateTime DEFAULT now())
ENGINE = ReplacingMergeTree ORDER BY name COMMENT 'Migrations that were applied'`

/**
 * Makes the database if it is missing and brings it to the newest migration; answers the names of those it applied.
 * ClickHouse has no locks: every statement says IF NOT EXISTS, so two processes that start at once do the same work twice
 * and harm nothing.
 */
export async function migrate({ url, cluster, log = () => {} }: MigrateOptions): Promise<string[]> {
  const target = cluster === undefined ? new LoneServer(url) : new Cluster(url, cluster)
  try {
    await target.open()
    await target.run(MIGRATIONS_TABLE)
    await target.finish()
    const applied = await readApplied(target.client)
    const pending = migrationNames().filter((name) => !applied.has(name))
    for (const name of pending) {
      for (const statement of readStatements(name)) await target.run(statement)
      await target.finish()
      await target.client.insert({ table: 'schema_migrations', values: [{ name }], format: 'JSONEachRow' })
      log(`applied ClickHouse migration ${name}`)
    }
    return pending
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ClickHouseStoreError('migration_failed', `ClickHouse could not be migrated: ${reason}`, { cause })
  } finally {
    await target.close()
  }
}

export const migrationNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()

/** The statements of a migration, in their order. */
export const readStatements = (name: string): string[] => splitStatements(readFileSync(join(FOLDER, name), 'utf8'))

/** Where statements of migrations go. */
interface Target {
  readonly client: ClickHouseClient
  open(): Promise<void>
  run(statement: string): Promise<void>
  /** After the statements of a migration. */
  finish(): Promise<void>
  close(): Promise<void>
}

const connect = (url: string) => createClickHouse({ url, requestTimeoutMs: STATEMENT_TIMEOUT_MS })

function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || 'default'
}

function withDatabase(url: string, database: string): string {
  const address = new URL(url)
  address.pathname = `/${encodeURIComponent(database)}`
  return address.href
}

class LoneServer implements Target {
  readonly client: ClickHouseClient
  private readonly url: string

  constructor(url: string) {
    this.url = url
    this.client = connect(url)
  }

  open = () => createDatabase(this.url, 'CREATE DATABASE IF NOT EXISTS {name:Identifier}', databaseOf(this.url))
  run = async (query: string) => void (await this.client.command({ query }))
  finish = async () => {}
  close = () => this.client.close()
}

/** Every node has local tables, and Distributed ones over those of all. */
class Cluster implements Target {
  readonly client: ClickHouseClient
  private readonly local: ClickHouseClient
  private readonly url: string
  private readonly cluster: string
  private readonly database: string
  private readonly tables = new Set<string>()

  constructor(url: string, cluster: string) {
    this.url = url
    this.cluster = cluster
    this.database = databaseOf(url)
    this.client = createClickHouse({ url, cluster, requestTimeoutMs: STATEMENT_TIMEOUT_MS })
    this.local = connect(withDatabase(url, localDatabase(this.database)))
    for (const name of migrationNames()) for (const table of tablesOf(readStatements(name))) this.tables.add(table)
  }

  open = async () => {
    const statement = 'CREATE DATABASE IF NOT EXISTS {name:Identifier} ON CLUSTER {cluster:Identifier}'
    for (const database of [this.database, localDatabase(this.database)]) await createDatabase(this.url, statement, database, this.cluster)
  }

  run = async (statement: string) => {
    for (const { query, database } of onCluster(statement, this.cluster)) {
      // Rows go through tables that know the columns made so far.
      if (database === 'distributed') await this.finish()
      await (database === 'local' ? this.local : this.client).command({ query })
    }
  }

  /** The Distributed tables get the columns that the local ones have now. */
  finish = async () => {
    const made = await this.local.query({
      query: 'SELECT name FROM system.tables WHERE database = currentDatabase()',
      format: 'JSONEachRow',
    })
    for (const { name } of await made.json<{ name: string }>())
      if (name === 'schema_migrations' || this.tables.has(name))
        await this.client.command({ query: distributedTable(name, { cluster: this.cluster, database: this.database }) })
  }

  close = async () => void (await Promise.all([this.client.close(), this.local.close()]))
}

async function createDatabase(url: string, query: string, name: string, cluster?: string): Promise<void> {
  if (name === 'default') return
  const client = connect(withDatabase(url, 'default'))
  try {
    await client.command({ query, query_params: { name, ...(cluster === undefined ? {} : { cluster }) } })
  } finally {
    await client.close()
  }
}

async function readApplied(client: ClickHouseClient): Promise<Set<string>> {
  const result = await client.query({ query: 'SELECT DISTINCT name FROM schema_migrations', format: 'JSONEachRow' })
  return new Set((await result.json<{ name: string }>()).map((row) => row.name))
}

/** A statement ends with a semicolon at the end of a line. */
const splitStatements = (sql: string) =>
  sql
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/^--.*$/gm, '').trim() !== '')
