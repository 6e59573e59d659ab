import { createClickHouse } from '@cairn/clickhouse'
import { createPool, ensureApiKey, ensureFirstProject, findApiKey, forgetExpired, forgetFullBuckets } from '@cairn/prisma'
import { migrate as migratePostgres } from '@cairn/prisma/migrate'
import { pino } from 'pino'
import { KeyCache } from './auth/key-cache.ts'
import type { CollectorConfig } from './config.ts'
import type { CollectorContext } from './context.ts'
import { reopenFailures } from './failures/judge-groups.ts'
import { closeGracefully } from './http/close-server.ts'
import { startGrpc } from './ingest/grpc.ts'
import { getPipeline } from './ingest/pipeline.ts'
import { actInBulk } from './jobs/bulk-actions.ts'
import { announceDueRuns } from './jobs/due-runs.ts'
import { every } from './jobs/every.ts'
import { buryDead, renewHeard } from './jobs/leases.ts'
import { migrateClickHouse } from './jobs/migrate-clickhouse.ts'
import { RunProjector } from './jobs/project-runs.ts'
import { repriceSpans } from './jobs/repricing.ts'
import { deleteWhatIsOld } from './jobs/retention.ts'
import { makeScheduledRuns } from './jobs/schedules.ts'
import { deleteOldTracesOfAll } from './jobs/trace-retention.ts'
import { createMetrics } from './metrics/metrics.ts'
import { Checkpointer } from './runs/checkpointer.ts'
import { Notifier } from './runs/notifier.ts'
import { createServer } from './server.ts'
import { WorkerHub } from './workers/hub.ts'

export interface Collector {
  /** Address of the HTTP side. */
  readonly url: string
  readonly ctx: CollectorContext
  /** Stops accepting, finishes what is in flight, closes the stores. */
  stop(): Promise<void>
}

/** Migrates both stores (ClickHouse when it is there), listens, and starts the jobs. */
export async function startCollector(config: CollectorConfig): Promise<Collector> {
  const log = pino({ level: config.logLevel, redact: ['req.headers.authorization', 'headers.authorization'] })
  const clickhouse = createClickHouse({ url: config.clickhouseUrl, cluster: config.clickhouseCluster })
  const pool = createPool(config.databaseUrl, {
    max: 20,
    applicationName: 'cairn-collector',
    onError: (error) => log.warn({ err: error }, 'a connection to Postgres broke'),
  })
  const ctx: CollectorContext = { config, log, pool, clickhouse }
  const migrating = (async () => {
    await migratePostgres({ databaseUrl: config.databaseUrl, log: (message) => log.info(message) })
    return migrateClickHouse({ url: config.clickhouseUrl, cluster: config.clickhouseCluster, log })
  })()
  const tables = migrating.then(({ ready }) => ready)
  // Who stops the collector stops waiting for ClickHouse.
  tables.catch(() => {})
  // Its thread and its log take as long to open as the migrations to look at.
  const opening = getPipeline(ctx, tables)
  const clickhouseTables = await migrating.catch(async (error: unknown) => {
    await opening.then((opened) => opened.close()).catch(() => {})
    await Promise.all([pool.end(), clickhouse.close()])
    throw error
  })
  const pipeline = await opening
  await ensureProject(config, pool)

  const notifier = new Notifier()
  const checkpointer = new Checkpointer(pool)
  const hub = new WorkerHub(ctx, notifier)
  const keys = new KeyCache((hash) => findApiKey(pool, hash))
  const metrics = createMetrics({
    workers: () => hub.size,
    checkpointsWaiting: () => checkpointer.waiting,
    ingest: () => pipeline.state,
  })
  const app = await createServer({ ctx, keys, metrics, notifier, checkpointer, hub })

  const projector = new RunProjector(ctx)
  const projecting = every(1_000, 'project-runs', log, () => projector.step())
  notifier.onStatusChanged(() => projecting.soon(PROJECT_AFTER_MS))
  const jobs = [
    projecting,
    every(500, 'leases', log, () => renewHeard({ ctx, hub })),
    every(500, 'dead-workers', log, () => buryDead({ ctx, notifier, hub })),
    every(500, 'due-runs', log, () => announceDueRuns({ ctx, notifier })),
    every(200, 'bulk-actions', log, () => actInBulk({ ctx, notifier, hub })),
    every(1_000, 'repricing', log, () => repriceSpans(ctx)),
    // Looks through up to 90 days: pages don't wait for it.
    every(300_000, 'reopen-failures', log, () => reopenFailures(ctx)),
    every(500, 'schedules', log, () => makeScheduledRuns({ ctx, notifier })),
    every(60_000, 'step-cache', log, async () => void (await forgetExpired(pool, 10_000))),
    // Often enough for a hundred runs a second to end.
    every(60_000, 'retention', log, () => deleteWhatIsOld(ctx)),
    every(600_000, 'trace-retention', log, () => deleteOldTracesOfAll(ctx)),
    every(600_000, 'full-buckets', log, async () => void (await forgetFullBuckets(pool))),
  ]
  const closeServer = closeGracefully(app)
  const url = await app.listen({ host: config.host, port: config.httpPort })
  const grpc = await startGrpc({ ctx, keys })
  log.info({ url, grpcPort: grpc.port }, 'the collector listens')
  return {
    url,
    ctx,
    stop: async () => {
      clickhouseTables.stop()
      hub.close()
      await Promise.all([closeServer(), grpc.stop()])
      await checkpointer.flush()
      await Promise.all(jobs.map((job) => job.stop()))
      await pipeline.close()
      await projector.step().catch((error: unknown) => log.warn({ err: error }, 'the last changes of runs are copied at the next start'))
      await Promise.all([pool.end(), clickhouse.close()])
    },
  }
}

/** Changes that come together are copied together: an insert costs ClickHouse the same for one row as for many. */
const PROJECT_AFTER_MS = 200

/** The first project and, where one was given, its key: headless set-up. */
async function ensureProject(config: CollectorConfig, pool: ReturnType<typeof createPool>): Promise<void> {
  const project = await ensureFirstProject(pool)
  if (config.projectKey !== undefined)
    await ensureApiKey(pool, { projectId: project.id, key: config.projectKey, name: 'CAIRN_PROJECT_KEY' })
}
