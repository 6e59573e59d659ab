import type { ClickHouseSettings } from '@clickhouse/client'

/** Settings of an insert that ClickHouse drops, in the table and in the sums that it feeds, where it had one under the same token. */
export const once = (token: string): ClickHouseSettings => ({
  async_insert: 0,
  insert_deduplicate: 1,
  insert_deduplication_token: token,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // The index of contents' words is made by the first merge: made for every block it costs as much as all else of it. Until then
  // a search reads the block itself.
  exclude_materialize_skip_indexes_on_insert: 'tokens',
})
