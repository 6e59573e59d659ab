import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'

export type { ClickHouseClient }

export interface ClickHouseOptions {
  /** http://user:password@host:port/database */
  readonly url: string
  /** Milliseconds that a request may take. Default: 60,000. */
  readonly requestTimeoutMs?: number
  /** Requests at a time. Default: 10. */
  readonly maxConnections?: number
  /** Name of the cluster that the database's Distributed tables are over; left out: a server alone. */
  readonly cluster?: string | undefined
}

/** An insert is answered when all shards have its rows; subqueries see the rows of all shards, wherever they are asked for. */
const ON_CLUSTER = { distributed_foreground_insert: 1, distributed_product_mode: 'global' } as const

/** A client of ClickHouse, embedded or not. Close it when done. */
export function createClickHouse({ url, requestTimeoutMs = 60_000, maxConnections = 10, cluster }: ClickHouseOptions): ClickHouseClient {
  return createClient({
    url,
    request_timeout: requestTimeoutMs,
    max_open_connections: maxConnections,
    application: 'cairn',
    // Errors reach the caller, whose log they belong in; the client would write them to standard error too.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      // We batch; the server must not answer before the rows are in.
      async_insert: 0,
      // Money and 64-bit counts come as text: no float on their way.
      output_format_json_quote_decimals: 1,
      output_format_json_quote_64bit_integers: 1,
      date_time_input_format: 'best_effort',
      date_time_output_format: 'iso',
      ...(cluster === undefined ? {} : ON_CLUSTER),
    },
  })
}
