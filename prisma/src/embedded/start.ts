import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { StoreError } from '../errors.ts'
import { findBinaries } from './binaries.ts'
import { clusterFolder, lockFolder, readRemembered, writeRemembered } from './data-folder.ts'
import { chooseIdentity } from './identity.ts'
import { initialiseCluster, SUPERUSER } from './initialise.ts'
import { clearOrphan } from './orphan.ts'
import { findFreePort, isFree } from './ports.ts'
import { type ServerProcess, spawnServer } from './server-process.ts'
import { serverSettings } from './settings.ts'

export interface EmbeddedPostgresOptions {
  /** Folder of this server; made if it is missing. */
  dataDir: string
  /** Default: the port of the last start if it is free, else any free one. */
  port?: number
  /** Receives what the server writes, a line each. */
  log?: (line: string) => void
  /** More `-c` settings, `name=value`. */
  settings?: string[]
}

export interface EmbeddedPostgres {
  /** Of the database `cairn`. */
  url: string
  port: number
  /** Settles when the server is gone, whatever the reason. */
  exited: Promise<void>
  stop(): Promise<void>
}

const DATABASE = 'cairn'
const START_TIMEOUT_MS = 60_000

/** Starts a real Postgres on loopback, in its own processes, with its data under `dataDir`. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const unlock = lockFolder(dataDir)
  try {
    const folder = realpathSync(dataDir)
    const binaries = findBinaries()
    const identity = chooseIdentity([binaries.postgres, join(folder, 'data')])
    const remembered = readRemembered(folder)
    await initialiseCluster(folder, remembered.password, { binaries, identity })
    const cluster = clusterFolder(folder)
    await clearOrphan(cluster)
    const port = await choosePort(options.port, remembered.port)
    const urlOf = (database: string) => `postgresql://${SUPERUSER}:${remembered.password}@127.0.0.1:${port}/${database}`
    const extra = (options.settings ?? []).flatMap((setting) => ['-c', setting])
    const command = [binaries.postgres, '-D', cluster, ...serverSettings(port), ...extra]
    const server = spawnServer(command, { identity, cwd: folder, log: options.log ?? (() => {}) })
    await untilReady(server, urlOf('postgres'))
    writeRemembered(folder, { ...remembered, port })
    return {
      url: urlOf(DATABASE),
      port,
      exited: server.exited,
      async stop() {
        await server.stop()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

async function choosePort(asked: number | undefined, remembered: number | undefined): Promise<number> {
  if (asked !== undefined && asked !== 0) return asked
  if (remembered !== undefined && (await isFree(remembered))) return remembered
  return await findFreePort()
}

async function untilReady(server: ServerProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    if (server.hasExited()) throw new StoreError('start_failed', `Postgres did not start:\n${server.lastLines.join('\n')}`)
    try {
      return await ensureDatabase(url)
    } catch (cause) {
      if (Date.now() < deadline) {
        await delay(25)
        continue
      }
      await server.stop()
      throw new StoreError('start_failed', `Postgres gave no answer within ${START_TIMEOUT_MS / 1000} s:\n${server.lastLines.join('\n')}`, {
        cause,
      })
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end().catch(() => {})
  }
}
