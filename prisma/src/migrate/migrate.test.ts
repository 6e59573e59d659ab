import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { diffFromMigrations } from './diff.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS_FOLDER, readMigrations } from './migration-files.ts'

const ALL = readMigrations().migrationDirectories.map((directory) => directory.path)
let database: TestDatabase
let client: pg.Client

beforeEach(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('drop schema public cascade; create schema public')
})
afterEach(async () => {
  await client.end()
  await database.drop()
})

async function migrateInProcess(): Promise<string[]> {
  const code = `
    import { migrate } from ${JSON.stringify(join(import.meta.dirname, 'migrate.ts'))}
    console.log(JSON.stringify(await migrate({ databaseUrl: ${JSON.stringify(database.url)} })))
    process.exit() // The engine keeps a timer of ten seconds.`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (data) => {
    out += data
  })
  await once(child, 'close')
  return JSON.parse(out)
}

test('two processes that start at once migrate once', async () => {
  const answers = await Promise.all([migrateInProcess(), migrateInProcess()])
  expect(answers.toSorted((a, b) => a.length - b.length)).toEqual([[], ALL])
})

test('migrations and schema.prisma agree, and the scratch database is gone afterwards', async () => {
  expect(await diffFromMigrations(database.url)).toBe('')
  const { rowCount } = await client.query("select 1 from pg_database where datname like 'cairn_shadow_%'")
  expect(rowCount).toBe(0)
})

test('every table and sequence has a comment', async () => {
  await migrate({ databaseUrl: database.url })
  const { rows } = await client.query(
    `select relname from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') and obj_description(oid) is null
        and relname <> '_prisma_migrations'`,
  )
  expect(rows).toEqual([])
})

test('a checkpoint updates its run without touching an index', async () => {
  await migrate({ databaseUrl: database.url })
  await client.query(
    `insert into runs (id, project_id, trace_id, agent, status)
     values (gen_random_uuid(), gen_random_uuid(), repeat('a', 32), 'research', 'running')`,
  )
  for (let i = 0; i < 10; i++)
    await client.query(`update runs set steps_done = steps_done + 1, control = null, stalled_crashes = 0, failed_step = 'x'`)
  await client.query('select pg_stat_force_next_flush()')
  const { rows } = await client.query(
    `select n_tup_upd::int as updates, n_tup_hot_upd::int as hot from pg_stat_user_tables where relname = 'runs'`,
  )
  expect(rows).toEqual([{ updates: 10, hot: 10 }])
})

describe('a migration that breaks off', () => {
  let folder: string
  const NEXT = '20990101000000_next'
  const next = (sql: string) => {
    mkdirSync(join(folder, NEXT), { recursive: true })
    writeFileSync(join(folder, NEXT, 'migration.sql'), sql)
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-migrations-'))
    cpSync(MIGRATIONS_FOLDER, folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('leaves nothing, says what is wrong, and runs again once it is right', async () => {
    next("create table half (text text default 'a;b'); select broken;")
    await expect(migrate({ databaseUrl: database.url, folder })).rejects.toThrow(/broken/)
    expect((await client.query("select to_regclass('half') as half")).rows).toEqual([{ half: null }])
    next("create table half (text text default 'a;b')")
    expect(await migrate({ databaseUrl: database.url, folder })).toEqual([NEXT])
  })

  test('after its commit and before it was recorded is not run again', async () => {
    next('create table whole ()')
    await migrate({ databaseUrl: database.url, folder })
    await client.query('update _prisma_migrations set finished_at = null where migration_name = $1', [NEXT])
    expect(await migrate({ databaseUrl: database.url, folder })).toEqual([])
  })
})
