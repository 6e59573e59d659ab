import { createPool } from '@cairn/prisma'

interface Reading {
  readonly walBytes: number
  readonly diskBytes: number
  readonly statements: number
}

/** What Postgres counts: WAL, statements, bytes of tables and indexes. */
export class Meter {
  readonly #urlOf: (database: string) => string
  readonly #admin: ReturnType<typeof createPool>

  constructor(databaseUrl: string) {
    this.#urlOf = (database) => {
      const url = new URL(databaseUrl)
      url.pathname = `/${database}`
      return url.toString()
    }
    this.#admin = createPool(this.#urlOf('postgres'), { max: 1 })
  }

  /** @throws when commits do not wait for the disk: nothing measured would be durable */
  async setup(): Promise<void> {
    const { rows } = await this.#admin.query<{ durable: boolean }>(
      `SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') = 'on' AS durable`,
    )
    if (rows[0]?.durable !== true) throw new Error('Postgres runs without fsync or synchronous_commit.')
    await this.#admin.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
  }

  /** A database of its own for a system; its address. */
  async makeDatabase(name: string): Promise<string> {
    await this.#admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await this.#admin.query(`CREATE DATABASE ${name}`)
    return this.#urlOf(name)
  }

  /** All at once. The reading of the disk is a statement of its own in the database that is counted. */
  async read(databaseUrl: string): Promise<Reading> {
    const [diskBytes, statements] = [await this.diskBytes(databaseUrl), await this.statements(databaseUrl)]
    return { diskBytes, statements, walBytes: await this.walBytes() }
  }

  async walBytes(): Promise<number> {
    const { rows } = await this.#admin.query<{ n: string }>(`SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS n`)
    return Number(rows[0]?.n)
  }

  /** Statements that clients of a database have sent, BEGIN and COMMIT included; not those inside a function. */
  async statements(databaseUrl: string): Promise<number> {
    const name = new URL(databaseUrl).pathname.slice(1)
    const { rows } = await this.#admin.query<{ n: string }>(
      `SELECT coalesce(sum(calls), 0) AS n FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1`,
      [name],
    )
    return Number(rows[0]?.n)
  }

  async diskBytes(databaseUrl: string): Promise<number> {
    const pool = createPool(databaseUrl, { max: 1 })
    const { rows } = await pool.query<{ n: string }>(
      `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) AS n FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
    )
    await pool.end()
    return Number(rows[0]?.n)
  }

  async stop(): Promise<void> {
    await this.#admin.end()
  }
}
