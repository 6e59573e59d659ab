import type pg from 'pg'
import type { Queryable } from '../queryable.ts'
import { inTransaction } from '../transaction.ts'

// A run at the top, and whatever it called goes with it. Those that somebody works with just now wait for the next time.
const OLD = `
SELECT r.id FROM runs r JOIN projects p ON p.id = r.project_id
WHERE r.parent_run_id IS NULL AND r.status IN ('succeeded', 'failed', 'crashed', 'cancelled') AND r.ready_at IS NULL
  AND r.ended_at < now() - CASE r.status WHEN 'succeeded' THEN p.keep_succeeded_days ELSE p.keep_other_days END * interval '1 day'
ORDER BY r.ended_at LIMIT $1 FOR UPDATE OF r SKIP LOCKED`

const TREE = `
WITH RECURSIVE tree AS (
  SELECT id, project_id FROM runs WHERE id = ANY($1::uuid[])
  UNION ALL
  SELECT r.id, r.project_id FROM runs r JOIN tree ON r.parent_run_id = tree.id
)
SELECT id FROM tree`

// Values lie in blobs by their content: a fork, another run or the step cache may use the same one. What was stored just now may be
// about to be referred to.
const BLOBS = `
DELETE FROM blobs b USING unnest($1::uuid[], $2::bytea[]) AS c(project_id, hash)
WHERE b.project_id = c.project_id AND b.hash = c.hash AND b.created_at < now() - interval '1 hour'
  AND NOT EXISTS (SELECT FROM run_values v JOIN runs r ON r.id = v.run_id WHERE r.project_id = b.project_id AND v.input_blob = b.hash)
  AND NOT EXISTS (SELECT FROM run_values v JOIN runs r ON r.id = v.run_id WHERE r.project_id = b.project_id AND v.output_blob = b.hash)
  AND NOT EXISTS (SELECT FROM steps s JOIN runs r ON r.id = s.run_id WHERE r.project_id = b.project_id AND s.output_blob = b.hash)
  AND NOT EXISTS (SELECT FROM artifacts a JOIN runs r ON r.id = a.run_id WHERE r.project_id = b.project_id AND a.hash = b.hash)
  AND NOT EXISTS (SELECT FROM step_cache k WHERE k.project_id = b.project_id AND k.output_blob = b.hash)`

interface BlobName {
  readonly projectId: string
  readonly hash: Buffer | null
}

/** Blobs that the rows of some runs refer to. */
const REFERRED = `
SELECT r.project_id AS "projectId", x.hash FROM runs r CROSS JOIN LATERAL (
  SELECT input_blob AS hash FROM run_values WHERE run_id = r.id UNION SELECT output_blob FROM run_values WHERE run_id = r.id
  UNION SELECT output_blob FROM steps WHERE run_id = r.id UNION SELECT hash FROM artifacts WHERE run_id = r.id
) AS x WHERE r.id = ANY($1::uuid[]) AND x.hash IS NOT NULL`

const PARTS = ['run_values', 'executions', 'steps', 'state_patches', 'run_events', 'signals', 'artifacts'] as const

/**
 * Deletes some runs whose time has come by their project's retention, with all that belongs to them, in one transaction.
 * @returns how many runs were deleted, children included
 */
export function deleteOldRuns(pool: pg.Pool, most: number): Promise<number> {
  return inTransaction(pool, async (db) => {
    const ids = await idsOf(db, 'old-runs', OLD, [most])
    if (ids.length === 0) return 0
    const tree = await idsOf(db, 'old-runs-below', TREE, [ids])
    const { rows: blobs } = await db.query<BlobName>({ name: 'old-runs-blobs', text: REFERRED, values: [tree] })
    for (const table of PARTS)
      await db.query({ name: `delete-old-${table}`, text: `DELETE FROM ${table} WHERE run_id = ANY($1::uuid[])`, values: [tree] })
    await db.query({ name: 'delete-old-runs', text: 'DELETE FROM runs WHERE id = ANY($1::uuid[])', values: [tree] })
    if (blobs.length > 0)
      await db.query({ name: 'delete-old-blobs', text: BLOBS, values: [blobs.map((b) => b.projectId), blobs.map((b) => b.hash)] })
    return tree.length
  })
}

async function idsOf(db: Queryable, name: string, text: string, values: unknown[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({ name, text, values })
  return rows.map((row) => row.id)
}

/** Deletes some workers that are gone for a week, and bulk resumes that ended a month ago. How many rows they were. */
export async function deleteOldRecords(db: Queryable, most: number): Promise<number> {
  const workers = await db.query({
    name: 'delete-old-workers',
    text: `DELETE FROM workers WHERE id = ANY(ARRAY(SELECT w.id FROM workers w WHERE w.ended_at < now() - interval '7 days'
      AND NOT EXISTS (SELECT FROM runs r WHERE r.worker_id = w.id) LIMIT $1))`,
    values: [most],
  })
  const bulks = await db.query({
    name: 'delete-old-bulk-resumes',
    text: `DELETE FROM bulk_resumes WHERE id = ANY(ARRAY(SELECT id FROM bulk_resumes WHERE ended_at < now() - interval '30 days' LIMIT $1))`,
    values: [most],
  })
  return (workers.rowCount ?? 0) + (bulks.rowCount ?? 0)
}
