import type { ClickHouseClient } from '../client.ts'

/** Every question is bounded: in time, in rows read and in memory. Versions of one span lie in one partition. */
const BOUNDS = {
  max_execution_time: 30,
  max_memory_usage: '4000000000',
  max_rows_to_read: '2000000000',
  do_not_merge_across_partitions_select_final: 1,
} as const

/** Rows of a question, with its values bound. */
export async function runJson<T>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T[]> {
  const result = await client.query({ query, query_params: params, format: 'JSONEachRow', clickhouse_settings: { ...BOUNDS, ...settings } })
  return result.json<T>()
}
