import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedClickHouse } from '@cairn/clickhouse/embedded'
import { startEmbeddedPostgres } from '@cairn/prisma/embedded'

const KEY = 'cairn_bench_0123456789abcdefghijklmnopqrstuv'
const COLLECTOR = join(import.meta.dirname, '..', '..', 'collector', 'src', 'main.ts')

export interface RunningCairn {
  readonly url: string
  readonly apiKey: string
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  readonly pids: { readonly collector: number; readonly clickhouse: number }
  stop(): Promise<void>
}

interface StartOptions {
  readonly postgresSettings?: string[]
  /** More arguments of Node for the collector's process, such as `--cpu-prof`. */
  readonly collectorArgs?: string[]
}

/** Stores and collector as `npm start` runs them, on a data folder of their own. */
export async function startCairn({ postgresSettings = [], collectorArgs = [] }: StartOptions = {}): Promise<RunningCairn> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-bench-'))
  const [postgres, clickhouse] = await Promise.all([
    startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), settings: postgresSettings }),
    startEmbeddedClickHouse({ dataDir: join(dataDir, 'clickhouse') }),
  ])
  const collector = fork(COLLECTOR, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning', '--no-deprecation', ...collectorArgs],
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      CLICKHOUSE_URL: clickhouse.url,
      CAIRN_DATA_DIR: dataDir,
      CAIRN_HTTP_PORT: '0',
      CAIRN_GRPC_PORT: '0',
      CAIRN_PROJECT_KEY: KEY,
      CAIRN_LOG_LEVEL: 'error',
    },
  })
  const exited = new Promise((resolve) => collector.once('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    collector.on('message', (message: { type?: string; url?: string }) => message.type === 'ready' && resolve(message.url ?? ''))
    collector.once('exit', (code) => reject(new Error(`the collector ended with ${code}`)))
  })
  return {
    url,
    apiKey: KEY,
    databaseUrl: postgres.url,
    clickhouseUrl: clickhouse.url,
    pids: { collector: collector.pid ?? 0, clickhouse: clickhouse.pid },
    stop: async () => {
      collector.kill('SIGTERM')
      await exited
      await clickhouse.stop()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
