import { ClickHouseError } from '@clickhouse/client'
import { ClickHouseStoreError } from '../errors.ts'

/** Every question is bounded: in time, in rows read and in memory. */
export const BOUNDS = {
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

/** An error that says which bound was reached, and what to ask instead; any other as it is. */
export function explainBound(error: unknown): unknown {
  const exceeded = error instanceof ClickHouseError && !error.message.includes('(total)') ? EXCEEDED[error.code] : undefined
  if (exceeded === undefined) return error
  return new ClickHouseStoreError('invalid', `This would ${exceeded}. Ask for a shorter time (from, to), or filter more.`, { cause: error })
}
