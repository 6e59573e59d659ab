import type { ClickHouseClient } from '@clickhouse/client'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { CollectorConfig } from './config.ts'

/** What every feature of the collector works with. */
export interface CollectorContext {
  readonly config: CollectorConfig
  readonly log: Logger
  readonly pool: Pool
  readonly clickhouse: ClickHouseClient
}
