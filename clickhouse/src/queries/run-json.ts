import { ClickHouseError } from '@clickhouse/client'
import type { ClickHouseClient } from '../client.ts'
import { ClickHouseStoreError } from '../errors.ts'

/** Every question is bounded: in time, in rows read and in memory. */
const BOUNDS = {
  /** Seconds. */
  max_execution_time: 30,
  /** Bytes. */
  max_memory_usage: '4000000000',
  max_rows_to_read: '2000000000',
  // Versions of one span lie in one partition.
  do_not_merge_across_partitions_select_final: 1,
  // What is in the sorting key may be looked at before versions are merged: they share it.
  optimize_move_to_prewhere_if_final: 1,
} as const

/** ClickHouse's codes for a bound that was reached → what it was. */
const EXCEEDED: Readonly<Record<string, string>> = {
  '158': `read more than ${Number(BOUNDS.max_rows_to_read).toLocaleString('en')} rows`,
  '159': `take longer than ${BOUNDS.max_execution_time} s`,
  '160': `take longer than ${BOUNDS.max_execution_time} s`,
  '241': `need more than ${Number(BOUNDS.max_memory_usage) / 1e9} GB of memory`,
}

/**
 * Rows of a question, with its values bound.
 * @throws {ClickHouseStoreError} `invalid`, if it asks for more than one question may
 */
export async function runJson<T>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T[]> {
  try {
    const result = await client.query({
      query,
      query_params: params,
      format: 'JSONEachRow',
      clickhouse_settings: { ...BOUNDS, ...settings },
    })
    return await result.json<T>()
  } catch (error) {
    const exceeded = error instanceof ClickHouseError && !error.message.includes('(total)') ? EXCEEDED[error.code] : undefined
    if (exceeded === undefined) throw error
    throw new ClickHouseStoreError('invalid', `This would ${exceeded}. Ask for a shorter time (from, to), or filter more.`, {
      cause: error,
    })
  }
}
