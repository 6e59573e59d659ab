import pg from 'pg'
import { StoreError } from '../errors.ts'
import { NO_FILTERS, readMigrations } from './migration-files.ts'
import { withSchemaEngine } from './schema-engine.ts'
import { settleUnfinished } from './unfinished.ts'

export interface MigrateOptions {
  databaseUrl: string
  log?: (message: string) => void
  /** Default: the migrations of this package. */
  folder?: string
}

/** The key of the advisory lock: "cairn" in ASCII. */
const LOCK = 0x636169726en

/**
 * Brings the database to the newest migration and answers the names of those it applied. Safe to call at every start and from
 * several processes at once: one migrates, the others wait for it.
 */
export async function migrate({ databaseUrl, log = () => {}, folder }: MigrateOptions): Promise<string[]> {
  const migrations = readMigrations(folder)
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'cairn-migrate' })
  client.on('error', () => {})
  await client.connect()
  try {
    // A session lock: it goes with the connection, also when this process is killed half-way.
    await client.query('select pg_advisory_lock($1)', [LOCK.toString()])
    // The common start has nothing to apply: a look at the table spares it the engine (0.2 s, 40 MB).
    if (
      await isUpToDate(
        client,
        migrations.migrationDirectories.map((directory) => directory.path),
      )
    )
      return []
    const { appliedMigrationNames } = await withSchemaEngine(databaseUrl, (engine) =>
      engine.applyMigrations({ migrationsList: migrations, filters: NO_FILTERS }),
    )
    for (const name of appliedMigrationNames) log(`applied Postgres migration ${name}`)
    return appliedMigrationNames
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    throw new StoreError('migration_failed', `Postgres could not be migrated: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  } finally {
    await client.end()
  }
}

async function isUpToDate(client: pg.Client, wanted: string[]): Promise<boolean> {
  const { rows: tables } = await client.query(`select to_regclass('_prisma_migrations') is not null as there`)
  if (!tables[0]?.there) return false
  await settleUnfinished(client)
  const { rows } = await client.query<{ migration_name: string }>(
    'select migration_name from _prisma_migrations where rolled_back_at is null',
  )
  const applied = new Set(rows.map((row) => row.migration_name))
  return wanted.every((name) => applied.has(name))
}
