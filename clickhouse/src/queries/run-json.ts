import type { ClickHouseClient } from '../client.ts'

/** Every question is bounded: in time, in rows read and in memory. */
const BOUNDS = { max_execution_time: 30, max_memory_usage: '4000000000', max_rows_to_read: '2000000000' } as const

/** Rows of a question, with its values bound. */
export async function runJson<T>(client: ClickHouseClient, query: string, params: Record<string, unknown>): Promise<T[]> {
  const result = await client.query({ query, query_params: params, format: 'JSONEachRow', clickhouse_settings: BOUNDS })
  return result.json<T>()
}
