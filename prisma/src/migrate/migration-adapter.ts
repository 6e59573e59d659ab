import { randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { CatalogueClient, charColumns } from './catalogue-client.ts'
import { COMMIT_MARK } from './unfinished.ts'

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>

/**
 * Prisma's adapter splits a script at every semicolon, also those in strings, and commits each piece on its own. Sent whole, a
 * script is one transaction: a process killed in a migration leaves all of it or nothing.
 */
export class MigrationAdapter extends PrismaPg {
  readonly #url: string
  readonly #open = new Set<Adapter>()

  constructor(databaseUrl: string) {
    super({ connectionString: databaseUrl, application_name: 'cairn-migrate', max: 2, idleTimeoutMillis: 0, Client: CatalogueClient })
    this.#url = databaseUrl
  }

  override async connect(): Promise<Adapter> {
    const adapter = adapt(await super.connect())
    this.#open.add(adapter)
    return adapter
  }

  /** The engine leaves its connections open. */
  async close(): Promise<void> {
    for (const adapter of this.#open) await adapter.dispose()
    this.#open.clear()
  }

  /** An empty database beside this one, dropped at the end. (Prisma's own names it, but then goes by the URL.) */
  override async connectToShadowDb(): Promise<Adapter> {
    const name = `cairn_shadow_${randomUUID().replaceAll('-', '')}`
    await runAlone(this.#url, `create database ${name}`)
    const url = new URL(this.#url)
    url.pathname = `/${name}`
    const adapter = await new MigrationAdapter(url.href).connect()
    const dispose = adapter.dispose.bind(adapter)
    adapter.dispose = async () => {
      await dispose()
      await runAlone(this.#url, `drop database if exists ${name} with (force)`)
    }
    return adapter
  }
}

function adapt(adapter: Adapter): Adapter {
  const pool: Pick<pg.Pool, 'query'> = adapter.underlyingDriver()
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => charColumns(await queryRaw(query))
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script + COMMIT_MARK)
    } catch (error) {
      throw asAdapterError(error)
    }
  }
  return adapter
}

/** The engine shows the message of errors in this form only. */
function asAdapterError(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error
  const { code = '', severity = 'ERROR', message, detail, column, hint } = error
  return new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint })
}

async function runAlone(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
