import type { Queryable } from '../queryable.ts'

export interface TokenRequest {
  readonly projectId: string
  readonly key: string
  /** So many at once, then one each `periodMs / limit`. Another limit or period under the same key is another bucket. */
  readonly limit: number
  readonly periodMs: number
  /** Takes nothing if the wait would be longer, in milliseconds; null: however long. */
  readonly maxWaitMs: number | null
  /** RFC 3339; default: Postgres' clock. */
  readonly at?: string
}

export interface TakenToken {
  /** False: nothing was taken, because the wait would be longer than `maxWaitMs`. */
  readonly taken: boolean
  /** How long to wait before the token may be used, in milliseconds. */
  readonly waitMs: number
}

/** Read where it is used: a statement that waited for the row's lock is later than it began. */
const NOW = 'coalesce($6::timestamptz, clock_timestamp())'
const PERIOD = `$4::float8 * interval '1 millisecond'`
const ONE = `$4::float8 / $3::int * interval '1 millisecond'`
const KEY = `jsonb_build_array('step', $2::text, $3::int, $4::float8)::text`
const waitMs = (fullAt: string) => `greatest(0, extract(epoch FROM ${fullAt} - ${PERIOD} - ${NOW}) * 1000)::float8`

// GCRA: the bucket is one time, at which it is full again; taking a token moves it on by what one token takes to come back.
// A token is reserved before it is there, so that those who wait are served in the order in which they asked.
const SQL = `
WITH taken AS (
  INSERT INTO rate_limits AS b (project_id, key, full_at) VALUES ($1, ${KEY}, ${NOW} + ${ONE})
  ON CONFLICT (project_id, key) DO UPDATE SET full_at = greatest(b.full_at, ${NOW}) + ${ONE}
    WHERE $5::float8 IS NULL OR ${waitMs(`(b.full_at + ${ONE})`)} <= $5
  RETURNING ${waitMs('b.full_at')} AS wait
)
SELECT true AS taken, wait AS "waitMs" FROM taken
UNION ALL
SELECT false, ${waitMs(`(b.full_at + ${ONE})`)} FROM rate_limits b
WHERE b.project_id = $1 AND b.key = ${KEY} AND NOT EXISTS (SELECT FROM taken)`

/** Takes a token of a bucket that all workers of a project share. */
export async function takeToken(db: Queryable, { projectId, key, limit, periodMs, maxWaitMs, at }: TokenRequest): Promise<TakenToken> {
  const { rows } = await db.query<TakenToken>({
    name: 'take-token',
    text: SQL,
    values: [projectId, key, limit, periodMs, maxWaitMs, at ?? null],
  })
  // A bucket made while this statement ran can refuse, and be too new for it to be read.
  return rows[0] ?? { taken: false, waitMs: maxWaitMs ?? 0 }
}
