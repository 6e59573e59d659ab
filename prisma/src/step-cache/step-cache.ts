import type { Queryable } from '../queryable.ts'

export interface CachedOutput {
  /** JSON text, or null where it lies in a blob. */
  readonly output: string | null
  readonly outputBlob: Buffer | null
  readonly runId: string
  readonly stepKey: string
}

export interface CacheEntry extends CachedOutput {
  readonly projectId: string
  /** SHA-256 of the cache key. */
  readonly keyHash: Buffer
  /** Milliseconds. */
  readonly ttlMs: number
}

/** An output that has not expired; undefined if there is none. */
export async function findCached(db: Queryable, projectId: string, keyHash: Buffer): Promise<CachedOutput | undefined> {
  const { rows } = await db.query<CachedOutput>({
    name: 'find-cached',
    text: `SELECT output, output_blob AS "outputBlob", run_id AS "runId", step_key AS "stepKey" FROM step_cache
      WHERE project_id = $1 AND key_hash = $2 AND expires_at > now()`,
    values: [projectId, keyHash],
  })
  return rows[0]
}

/** Keeps an output for other runs; the newest of a key counts. */
export async function putCached(db: Queryable, entry: CacheEntry): Promise<void> {
  await db.query({
    name: 'put-cached',
    text: `INSERT INTO step_cache (project_id, key_hash, output, output_blob, run_id, step_key, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 millisecond')
      ON CONFLICT (project_id, key_hash) DO UPDATE SET output = excluded.output, output_blob = excluded.output_blob,
        run_id = excluded.run_id, step_key = excluded.step_key, created_at = now(), expires_at = excluded.expires_at`,
    values: [entry.projectId, entry.keyHash, entry.output, entry.outputBlob, entry.runId, entry.stepKey, entry.ttlMs],
  })
}

/** Deletes some of what has expired; how many they were. */
export async function forgetExpired(db: Queryable, most: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'forget-expired',
    text: `DELETE FROM step_cache WHERE ctid = ANY(ARRAY(SELECT ctid FROM step_cache WHERE expires_at <= now() LIMIT $1))`,
    values: [most],
  })
  return rowCount ?? 0
}
