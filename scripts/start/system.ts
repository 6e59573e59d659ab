import { join } from 'node:path'
import { startEmbeddedClickHouse } from '@cairn/clickhouse/embedded'
import { startEmbeddedPostgres } from '@cairn/prisma/embedded'
import { buildParts } from './build.ts'
import { Child } from './child.ts'
import type { StartConfig } from './config.ts'
import type { Secrets } from './data-dir.ts'
import { LogFile } from './log-file.ts'

export interface System {
  readonly collectorUrl: string
  readonly webUrl: string
  /** What an SDK in a child process needs to reach it. */
  readonly sdkEnv: Readonly<Record<string, string>>
  /** Builds the page's server where it must, and resolves when it answers. The collector serves runs without it. */
  startWeb(): Promise<void>
}

/** Stops the parts in the reverse order of their start. */
export class Stopper {
  readonly #stops: { name: string; stop: () => Promise<void> }[] = []

  add(name: string, stop: () => Promise<void>): void {
    this.#stops.push({ name, stop })
  }

  get isEmpty(): boolean {
    return this.#stops.length === 0
  }

  async stop(say: (line: string) => void): Promise<boolean> {
    let clean = true
    for (const part of this.#stops.splice(0).reverse()) {
      await part.stop().catch((error: unknown) => {
        clean = false
        say(`The ${part.name} did not stop cleanly: ${error instanceof Error ? error.message : error}`)
      })
    }
    return clean
  }
}

interface Parts {
  readonly root: string
  readonly config: StartConfig
  readonly secrets: Secrets
  readonly stopper: Stopper
  readonly say: (line: string) => void
  /** A store that ends takes the system down. */
  readonly onStoreLost: (name: string, log: LogFile) => void
}

/** Starts stores and collector, and resolves when they answer. */
export async function startSystem(parts: Parts): Promise<System> {
  const { root, config, secrets, stopper, say } = parts
  const buildLog = new LogFile(join(config.dataDir, 'logs', 'build.log'))
  const [stores] = await Promise.all([startStores(parts), buildParts(root, ['prisma'], buildLog, say)])
  const isEverywhere = config.host === '0.0.0.0' || config.host === '::'
  const collectorUrl = `http://${isEverywhere ? '127.0.0.1' : config.host}:${config.httpPort}`
  const webUrl = `http://${isEverywhere || config.host === '127.0.0.1' ? 'localhost' : config.host}:${config.webPort}`
  const shared = {
    DATABASE_URL: stores.databaseUrl,
    CLICKHOUSE_URL: stores.clickhouseUrl,
    CAIRN_HOST: config.host,
    CAIRN_PROJECT_KEY: secrets.projectKey,
  }

  const collector = new Child({
    name: 'collector',
    script: join(root, 'collector/src/main.ts'),
    dataDir: config.dataDir,
    env: { ...shared, CAIRN_HTTP_PORT: String(config.httpPort), CAIRN_GRPC_PORT: String(config.grpcPort), CAIRN_DATA_DIR: config.dataDir },
    onCrash: say,
  })
  say('Starting the collector …')
  stopper.add('collector', () => collector.stop())
  await collector.start()

  const web = new Child({
    name: 'web',
    script: join(root, 'web/server.ts'),
    dataDir: config.dataDir,
    cwd: join(root, 'web'),
    env: {
      ...shared,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      CAIRN_URL: collectorUrl,
      CAIRN_WEB_PORT: String(config.webPort),
      CAIRN_ADMIN_EMAIL: secrets.adminEmail,
      CAIRN_ADMIN_PASSWORD: secrets.adminPassword,
      BETTER_AUTH_SECRET: secrets.authSecret,
      BETTER_AUTH_URL: process.env.BETTER_AUTH_URL ?? webUrl,
    },
    onCrash: say,
  })
  return {
    collectorUrl,
    webUrl,
    sdkEnv: { CAIRN_URL: collectorUrl, CAIRN_API_KEY: secrets.projectKey, CAIRN_JOURNAL_DIR: join(config.dataDir, 'journal') },
    startWeb: async () => {
      await buildParts(root, ['sdk', 'cli', 'web'], buildLog, say)
      say('Starting the web …')
      stopper.add('web', () => web.stop())
      await web.start()
    },
  }
}

async function startStores({ config, stopper, say, onStoreLost }: Parts): Promise<{ databaseUrl: string; clickhouseUrl: string }> {
  say('Starting Postgres and ClickHouse …')
  const postgresLog = new LogFile(join(config.dataDir, 'logs', 'postgres.log'))
  const clickhouseLog = new LogFile(join(config.dataDir, 'logs', 'clickhouse.log'))
  const [databaseUrl, clickhouseUrl] = await Promise.all([
    config.databaseUrl ??
      startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log: (line) => postgresLog.write(`${line}\n`) }).then(
        (postgres) => {
          let stopping = false
          stopper.add('Postgres', () => {
            stopping = true
            return postgres.stop()
          })
          void postgres.exited.then(() => stopping || onStoreLost('Postgres', postgresLog))
          return postgres.url
        },
      ),
    config.clickhouseUrl ??
      startEmbeddedClickHouse({ dataDir: join(config.dataDir, 'clickhouse'), log: (line) => clickhouseLog.write(`${line}\n`) }).then(
        (clickhouse) => {
          let stopping = false
          stopper.add('ClickHouse', () => {
            stopping = true
            return clickhouse.stop()
          })
          void clickhouse.exited.then(() => stopping || onStoreLost('ClickHouse', clickhouseLog))
          return clickhouse.url
        },
      ),
  ])
  return { databaseUrl, clickhouseUrl }
}
