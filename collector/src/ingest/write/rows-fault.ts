import { ClickHouseError } from '@clickhouse/client'

/** ClickHouse's codes for values that don't fit their column: the same rows fail again. */
const UNREADABLE = new Set(['6', '26', '27', '33', '38', '41', '53', '69', '72', '117', '131', '321', '376', '407'])

/** Whether an insert failed because of what was in its rows, and not because of the store. */
export function isRowsFault(error: unknown): boolean {
  if (!(error instanceof ClickHouseError)) return false
  return UNREADABLE.has(error.code) || error.message.includes('Too many partitions for single INSERT')
}
