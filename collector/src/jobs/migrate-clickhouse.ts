import { setTimeout as delay } from 'node:timers/promises'
import { createClickHouse } from '@cairn/clickhouse'
import { migrate } from '@cairn/clickhouse/migrate'
import type { Logger } from 'pino'
import { isStoreAway } from '../http/error-answer.ts'

const FIRST_PAUSE_MS = 500
const MOST_PAUSE_MS = 10_000
const PROBE_TIMEOUT_MS = 5_000

export interface ClickHouseTables {
  /** Resolves when they are as this version needs them: at once, or when ClickHouse is back. */
  readonly ready: Promise<void>
  /** Gives up waiting. */
  stop(): void
}

/**
 * Migrates ClickHouse, now or, where it is away, as soon as it is there: what Postgres serves doesn't wait for it, nor do spans, which
 * are kept in the ingest log.
 * @throws {Error} if ClickHouse is there and refuses: credentials, a migration that fails
 */
export async function migrateClickHouse({
  url,
  cluster,
  log,
}: {
  url: string
  cluster: string | undefined
  log: Logger
}): Promise<ClickHouseTables> {
  const stopped = new AbortController()
  const attempt = async (): Promise<void> => {
    await probe(url)
    await migrate({ url, cluster, log: (message) => log.info(message) })
  }
  const stop = () => stopped.abort()
  try {
    await attempt()
    return { ready: Promise.resolve(), stop }
  } catch (error) {
    if (!isAway(error)) throw error
    log.warn({ err: error }, 'ClickHouse is away: spans are kept in the ingest log until it is there')
  }
  return { ready: retry(attempt, log, stopped.signal), stop }
}

async function retry(attempt: () => Promise<void>, log: Logger, stopped: AbortSignal): Promise<void> {
  const beganMs = Date.now()
  let said = ''
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MOST_PAUSE_MS, pauseMs * 2)) {
    await delay(pauseMs, undefined, { signal: stopped })
    try {
      await attempt()
      log.info({ awayS: Math.round((Date.now() - beganMs) / 1_000) }, 'ClickHouse is there: what was kept is written now')
      return
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      // Away is said once; that it refuses is another thing, for a person to mend.
      if (!isAway(error) && message !== said) log.error({ err: error }, 'ClickHouse is there and can not be used; this is tried again')
      said = message
    }
  }
}

const isAway = (error: unknown): boolean => isStoreAway(error) || (error instanceof Error && isStoreAway(error.cause))

/** Whether it answers: a migration may take long, a look at whether somebody is there may not. */
async function probe(url: string): Promise<void> {
  const address = new URL(url)
  address.pathname = '/default'
  const client = createClickHouse({ url: address.href, requestTimeoutMs: PROBE_TIMEOUT_MS })
  try {
    await (await client.query({ query: 'SELECT 1', format: 'JSONEachRow' })).json()
  } finally {
    await client.close()
  }
}
