import type { Queryable } from '../queryable.ts'

/** Deletes buckets that have been full for an hour: a bucket that isn't there is full. */
export async function forgetFullBuckets(db: Queryable): Promise<number> {
  const { rowCount } = await db.query({
    name: 'forget-full-buckets',
    text: `DELETE FROM rate_limits WHERE full_at < now() - interval '1 hour'`,
  })
  return rowCount ?? 0
}
