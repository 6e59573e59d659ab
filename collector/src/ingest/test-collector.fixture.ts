import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouseClient, createClickHouse } from '@cairn/clickhouse'
import { startEmbeddedClickHouse } from '@cairn/clickhouse/embedded'
import { migrate } from '@cairn/clickhouse/migrate'
import { createPool } from '@cairn/prisma'
import { createTestDatabase } from '@cairn/prisma/testing'
import fastify from 'fastify'
import { pino } from 'pino'
import { requireKey } from '../auth/authenticate.ts'
import { KeyCache } from '../auth/key-cache.ts'
import type { CollectorContext } from '../context.ts'
import { registerErrors } from '../http/error-answer.ts'
import { registerPriceRoutes } from '../prices/routes.ts'
import { registerReportRoutes } from '../reports/routes.ts'
import { registerTraceRoutes } from '../traces/routes.ts'
import { startGrpc } from './grpc.ts'
import { getPipeline } from './pipeline.ts'
import { registerIngestRoutes } from './routes.ts'

export const PROJECT_ID = '01980000-0000-7000-8000-000000000001'
export const KEY = 'cairn_test_key'

export interface TestCollector {
  readonly url: string
  readonly grpcPort: number
  readonly ctx: CollectorContext
  readonly clickhouse: ClickHouseClient
  /** Kills the engine, as a store that is away. */
  stopClickHouse(): Promise<void>
  startClickHouse(): Promise<void>
  stop(): Promise<void>
}

/** The receiving and reading side of the collector, on real stores of its own. */
export async function startTestCollector(): Promise<TestCollector> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cairn-test-ingest-'))
  let [engine, database] = await Promise.all([startEmbeddedClickHouse({ dataDir }), createTestDatabase()])
  await migrate({ url: engine.url })
  const clickhouse = createClickHouse({ url: engine.url })
  const pool = createPool(database.url)
  const config = {
    host: '127.0.0.1',
    grpcPort: 0,
    dataDir,
    ingestLogBytes: 64 * 1024 * 1024,
    clickhouseUrl: engine.url,
    databaseUrl: database.url,
  }
  const ctx = { config, log: pino({ level: 'silent' }), pool, clickhouse } as unknown as CollectorContext
  const keys = new KeyCache(async (hash) => (hash.equals(await sha256(KEY)) ? { keyId: 'k', projectId: PROJECT_ID } : undefined))
  const app = fastify()
  registerErrors(app)
  await app.register(async (otlp) => registerIngestRoutes(otlp, { ctx, keys }))
  await app.register(async (api) => {
    requireKey(api, keys)
    registerReportRoutes(api, ctx)
    registerPriceRoutes(api, ctx)
    registerTraceRoutes(api, ctx)
  })
  const grpc = await startGrpc({ ctx, keys })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    grpcPort: grpc.port,
    ctx,
    clickhouse,
    stopClickHouse: () => engine.stop(),
    startClickHouse: async () => {
      engine = await startEmbeddedClickHouse({ dataDir, port: Number(new URL(engine.url).port) })
    },
    stop: async () => {
      await Promise.all([app.close(), grpc.stop()])
      await (await getPipeline(ctx)).close()
      await Promise.all([clickhouse.close(), pool.end()])
      await engine.stop()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const sha256 = async (text: string): Promise<Buffer> => Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text)))
