import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

export interface BulkResumeRow {
  readonly id: string
  readonly projectId: string
  readonly actor: string | null
  readonly reason: string | null
  readonly perSecond: number
  readonly matched: number
  readonly resumed: number
  readonly skipped: number
  readonly failed: number
  /** { runId, message }[] as JSON text. */
  readonly errors: string
  readonly action: 'resume' | 'cancel' | 'promote'
  /** Of promote: the few-shot set. */
  readonly setName: string | null
  readonly createdAt: string
  readonly startsAt: string
  readonly endedAt: string | null
  readonly undoneAt: string | null
}

/** How runs whose turn has come stand now; those that are paused or cancelled again are in none. */
export interface ResumeOutcomes {
  readonly succeeded: number
  readonly failed: number
  /** Queued, running or waiting. */
  readonly unfinished: number
}

export interface ShownBulkResume extends BulkResumeRow {
  /** Null: of what resumes nothing, or was asked for over a day ago. */
  readonly outcomes: ResumeOutcomes | null
}

const COLUMNS = `id, project_id AS "projectId", actor, reason, per_second AS "perSecond", cardinality(run_ids) AS matched, resumed, skipped,
  failed, errors, action, set_name AS "setName", ${utc('created_at', 'createdAt')}, ${utc('starts_at', 'startsAt')},
  ${utc('ended_at', 'endedAt')}, ${utc('undone_at', 'undoneAt')}`

const OUTCOMES = `CASE WHEN action = 'resume' AND b.created_at > now() - interval '1 day' THEN (
    SELECT json_build_object('succeeded', count(*) FILTER (WHERE r.status = 'succeeded'),
      'failed', count(*) FILTER (WHERE r.status IN ('failed', 'crashed')),
      'unfinished', count(*) FILTER (WHERE r.status IN ('queued', 'running', 'waiting')))
    FROM runs r WHERE r.project_id = b.project_id AND r.id = ANY(b.run_ids[1 : b.resumed + b.skipped + b.failed])) END AS outcomes`

export interface NewBulkResume {
  readonly id: string
  readonly projectId: string
  readonly actor: string | null
  readonly reason: string | null
  readonly perSecond: number
  readonly runIds: readonly string[]
  readonly action?: BulkResumeRow['action']
  readonly setName?: string | null
  /** How long nothing is touched yet. */
  readonly undoMs?: number
}

/** Notes runs to be resumed; none is ended at once. */
export async function createBulkResume(db: Queryable, bulk: NewBulkResume): Promise<void> {
  await db.query({
    name: 'create-bulk-action',
    text: `INSERT INTO bulk_resumes (id, project_id, actor, reason, per_second, run_ids, ended_at, action, set_name, starts_at, next_at)
      SELECT $1, $2, $3, $4, $5, $6::uuid[], CASE WHEN cardinality($6::uuid[]) = 0 THEN now() END, $7, $8, at, at
      FROM (SELECT now() + $9::float8 * interval '1 millisecond' AS at) AS begin`,
    values: [
      bulk.id,
      bulk.projectId,
      bulk.actor,
      bulk.reason,
      bulk.perSecond,
      bulk.runIds,
      bulk.action ?? 'resume',
      bulk.setName ?? null,
      bulk.undoMs ?? 0,
    ],
  })
}

export async function findBulkResume(db: Queryable, projectId: string, id: string): Promise<ShownBulkResume | undefined> {
  const { rows } = await db.query<ShownBulkResume>({
    name: 'find-bulk-resume',
    text: `SELECT ${COLUMNS}, ${OUTCOMES} FROM bulk_resumes b WHERE project_id = $1 AND id = $2`,
    values: [projectId, id],
  })
  return rows[0]
}

/** Leaves the rest as it is. Undefined if there is none of this id; one that has ended is given as it is. */
export async function cancelBulkResume(db: Queryable, projectId: string, id: string): Promise<ShownBulkResume | undefined> {
  const { rows } = await db.query<ShownBulkResume>({
    name: 'cancel-bulk-resume',
    text: `UPDATE bulk_resumes b SET ended_at = coalesce(ended_at, now()) WHERE project_id = $1 AND id = $2 RETURNING ${COLUMNS}, ${OUTCOMES}`,
    values: [projectId, id],
  })
  return rows[0]
}

export interface DueBulkResume extends BulkResumeRow {
  /** Whose turn it is. */
  readonly next: readonly string[]
}

/** One whose time has come, locked until the end of the transaction: no other collector takes it meanwhile. */
export async function lockDueBulkResume(db: Queryable, most: number): Promise<DueBulkResume | undefined> {
  const { rows } = await db.query<DueBulkResume>({
    name: 'lock-due-bulk-resume',
    text: `SELECT ${COLUMNS}, run_ids[resumed + skipped + failed + 1 : resumed + skipped + failed + least($1, greatest(1, ceil(per_second / 4)))] AS next
      FROM bulk_resumes WHERE ended_at IS NULL AND next_at <= now() ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    values: [most],
  })
  return rows[0]
}

/** Counts those whose turn it was, and says when the next ones go. */
export async function moveBulkResume(
  db: Queryable,
  move: { id: string; resumed: number; skipped: number; failed: number; errors: string; exampleIds?: readonly string[] },
): Promise<void> {
  await db.query({
    name: 'move-bulk-resume',
    text: `UPDATE bulk_resumes SET resumed = resumed + $2, skipped = skipped + $3, failed = failed + $4, errors = $5,
        example_ids = example_ids || $6::uuid[],
        next_at = now() + ($2::int + $3::int + $4::int) / per_second * interval '1 second',
        ended_at = CASE WHEN resumed + skipped + failed + $2 + $3 + $4 >= cardinality(run_ids) THEN now() END
      WHERE id = $1`,
    values: [move.id, move.resumed, move.skipped, move.failed, move.errors, move.exampleIds ?? []],
  })
}

/** The newest first. */
export async function listBulkActions(db: Queryable, projectId: string, limit: number): Promise<ShownBulkResume[]> {
  const { rows } = await db.query<ShownBulkResume>({
    name: 'list-bulk-actions',
    text: `SELECT ${COLUMNS}, ${OUTCOMES} FROM bulk_resumes b WHERE project_id = $1 ORDER BY created_at DESC LIMIT $2`,
    values: [projectId, limit],
  })
  return rows
}

/** What a promotion was over, and the examples that it noted. Undefined if there is none of this id. */
export async function findBulkPromotion(
  db: Queryable,
  projectId: string,
  id: string,
): Promise<{ setName: string; runIds: string[]; exampleIds: string[] } | undefined> {
  const { rows } = await db.query<{ setName: string; runIds: string[]; exampleIds: string[] }>({
    name: 'find-bulk-promotion',
    text: `SELECT set_name AS "setName", run_ids AS "runIds", example_ids AS "exampleIds" FROM bulk_resumes
      WHERE project_id = $1 AND id = $2 AND action = 'promote'`,
    values: [projectId, id],
  })
  return rows[0]
}

/** Notes that it was taken back; when it first was stays. */
export async function markBulkUndone(db: Queryable, projectId: string, id: string): Promise<void> {
  await db.query({
    name: 'mark-bulk-undone',
    text: `UPDATE bulk_resumes SET undone_at = coalesce(undone_at, now()) WHERE project_id = $1 AND id = $2`,
    values: [projectId, id],
  })
}
