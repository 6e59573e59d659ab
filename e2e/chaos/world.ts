import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@cairn/clickhouse/embedded'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@cairn/prisma/embedded'
import { findFreePort } from '../src/free-port.ts'
import { repository } from '../src/system.ts'
import { waitFor } from '../src/wait-for.ts'

const KEY = 'cairn_chaos_0123456789abcdefghijklmnopqrstuv'

/** A process that is started again whenever it dies. */
class Phoenix {
  readonly #script: string
  readonly #env: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #ended = false
  #away = false

  constructor(script: string, env: Readonly<Record<string, string>>) {
    this.#script = script
    this.#env = env
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  start(): void {
    if (this.#ended) return
    const child = fork(join(repository, this.#script), {
      execArgv: ['--conditions=@cairn/source', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, ...this.#env },
    })
    this.#child = child
    child.once('exit', () => {
      if (!this.#away) setTimeout(() => this.start(), 50)
    })
  }

  /** Killed, and not started again until it may come back. */
  goAway(): void {
    this.#away = true
    this.#child?.kill('SIGKILL')
  }

  comeBack(): void {
    this.#away = false
    this.start()
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  end(): void {
    this.#ended = true
    this.#child?.kill('SIGKILL')
  }
}

interface WorldOptions {
  readonly workers: number
  readonly ledgerUrl: string
  readonly workerEnv?: Readonly<Record<string, string>>
  /** Where the collector keeps its log; default: beside the rest. */
  readonly collectorDir?: string
}

/** Stores, collector and workers, each of which can be killed and comes back. */
export class World {
  readonly url: string
  readonly key = KEY
  readonly collector: Phoenix
  readonly workers: readonly Phoenix[]
  /** Where its workers keep what the collector must be told when it is back. */
  readonly journalDir: string
  readonly #dataDir: string
  #clickhouse: EmbeddedClickHouse
  #postgres: EmbeddedPostgres
  #ended = false

  private constructor(parts: {
    url: string
    collector: Phoenix
    workers: Phoenix[]
    dataDir: string
    postgres: EmbeddedPostgres
    clickhouse: EmbeddedClickHouse
  }) {
    this.url = parts.url
    this.collector = parts.collector
    this.workers = parts.workers
    this.#dataDir = parts.dataDir
    this.journalDir = join(parts.dataDir, 'journal')
    this.#postgres = parts.postgres
    this.#clickhouse = parts.clickhouse
    this.#watchPostgres()
  }

  static async start({ workers, ledgerUrl, workerEnv = {}, collectorDir }: WorldOptions): Promise<World> {
    const dataDir = mkdtempSync(join(tmpdir(), 'cairn-chaos-'))
    const [postgres, clickhouse, http, grpc] = await Promise.all([
      startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') }),
      startEmbeddedClickHouse({ dataDir: join(dataDir, 'clickhouse') }),
      findFreePort(),
      findFreePort(),
    ])
    const url = `http://127.0.0.1:${http}`
    const collector = new Phoenix('collector/src/main.ts', {
      DATABASE_URL: postgres.url,
      CLICKHOUSE_URL: clickhouse.url,
      CAIRN_DATA_DIR: collectorDir ?? dataDir,
      CAIRN_HTTP_PORT: String(http),
      CAIRN_GRPC_PORT: String(grpc),
      CAIRN_PROJECT_KEY: KEY,
      CAIRN_LOG_LEVEL: 'error',
    })
    collector.start()
    await waitFor('the collector', async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 60_000 })
    const env = { CAIRN_URL: url, CAIRN_API_KEY: KEY, CAIRN_JOURNAL_DIR: join(dataDir, 'journal'), LEDGER_URL: ledgerUrl, ...workerEnv }
    const phoenixes = Array.from({ length: workers }, () => new Phoenix('e2e/chaos/worker.ts', env))
    for (const worker of phoenixes) worker.start()
    return new World({ url, collector, workers: phoenixes, dataDir, postgres, clickhouse })
  }

  /** As a power cut does it: the postmaster and with it every backend. It recovers from its log when it starts again. */
  killPostgres(): void {
    const pid = Number(readFileSync(join(this.#dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
  }

  get clickhouseUrl(): string {
    return this.#clickhouse.url
  }

  async killClickHouse(): Promise<void> {
    process.kill(this.#clickhouse.pid, 'SIGKILL')
    await this.#clickhouse.exited
  }

  /** Where it was. */
  async startClickHouse(): Promise<void> {
    const port = Number(new URL(this.clickhouseUrl).port)
    this.#clickhouse = await startEmbeddedClickHouse({ dataDir: join(this.#dataDir, 'clickhouse'), port })
  }

  async stop(): Promise<void> {
    this.#ended = true
    for (const worker of this.workers) worker.end()
    this.collector.end()
    await Promise.all([this.#postgres.stop(), this.#clickhouse.stop()])
    rmSync(this.#dataDir, { recursive: true, force: true })
  }

  #watchPostgres(): void {
    const { port } = this.#postgres
    void this.#postgres.exited.then(async () => {
      await this.#postgres.stop()
      while (!this.#ended) {
        try {
          this.#postgres = await startEmbeddedPostgres({ dataDir: join(this.#dataDir, 'postgres'), port })
          return this.#watchPostgres()
        } catch {
          // It was killed again while it recovered.
        }
      }
    })
  }
}
