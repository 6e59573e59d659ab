import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ClickHouseClient, createClickHouse } from '../client.ts'
import { ClickHouseStoreError } from '../errors.ts'

export interface MigrateOptions {
  /** With the database that it makes if there is none. */
  readonly url: string
  readonly log?: (message: string) => void
}

const FOLDER = join(import.meta.dirname, '..', '..', 'migrations')

/**
 * Makes the database if it is missing and brings it to the newest migration; answers the names of those it applied.
 * ClickHouse has no locks: every statement says IF NOT EXISTS, so two processes that start at once do the same work twice
 * and harm nothing.
 */
export async function migrate({ url, log = () => {} }: MigrateOptions): Promise<string[]> {
  await createDatabase(url)
  const client = createClickHouse({ url })
  try {
    await client.command({
      query: `CREATE TABLE IF NOT EXISTS schema_migrations (name String, applied_at DateTime DEFAULT now())
              ENGINE = ReplacingMergeTree ORDER BY name COMMENT 'Migrations that were applied'`,
    })
    const applied = await readApplied(client)
    const pending = readdirSync(FOLDER)
      .filter((name) => name.endsWith('.sql') && !applied.has(name))
      .sort()
    for (const name of pending) {
      for (const statement of splitStatements(readFileSync(join(FOLDER, name), 'utf8'))) await client.command({ query: statement })
      await client.insert({ table: 'schema_migrations', values: [{ name }], format: 'JSONEachRow' })
      log(`applied ClickHouse migration ${name}`)
    }
    return pending
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ClickHouseStoreError('migration_failed', `ClickHouse could not be migrated: ${reason}`, { cause })
  } finally {
    await client.close()
  }
}

async function createDatabase(url: string): Promise<void> {
  const address = new URL(url)
  const database = decodeURIComponent(address.pathname.slice(1)) || 'default'
  if (database === 'default') return
  address.pathname = '/default'
  const client = createClickHouse({ url: address.href })
  try {
    await client.command({ query: 'CREATE DATABASE IF NOT EXISTS {name:Identifier}', query_params: { name: database } })
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
