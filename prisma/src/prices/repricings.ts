import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

/** Where a page of spans ended, in the order in which they lie. */
export interface RepricingPosition {
  /** Seconds since 1970: the hour of its start. */
  readonly hour: number
  readonly traceId: string
  readonly spanId: string
}

export interface RepricingRow {
  readonly id: string
  readonly projectId: string
  readonly from: string
  readonly to: string
  readonly model: string | null
  readonly provider: string | null
  readonly status: string
  readonly total: number
  readonly done: number
  readonly changed: number
  /** US dollars, decimal. */
  readonly costDelta: string
  readonly error: string | null
  readonly createdAt: string
  readonly endedAt: string | null
}

const COLUMNS = `id, project_id AS "projectId", ${utc('from_time', 'from')}, ${utc('to_time', 'to')}, model, provider, status,
  total::float8 AS total, done::float8 AS done, changed::float8 AS changed, trim_scale(cost_delta)::text AS "costDelta", error,
  ${utc('created_at', 'createdAt')}, ${utc('ended_at', 'endedAt')}`

export interface NewRepricing extends Pick<RepricingRow, 'id' | 'projectId' | 'from' | 'to' | 'model' | 'provider' | 'total'> {
  /** The prices to use. */
  readonly overrides: unknown
}

export async function createRepricing(db: Queryable, job: NewRepricing): Promise<void> {
  await db.query({
    name: 'create-repricing',
    text: `INSERT INTO repricings (id, project_id, from_time, to_time, model, provider, total, overrides)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [job.id, job.projectId, job.from, job.to, job.model, job.provider, job.total, JSON.stringify(job.overrides)],
  })
}

/** The newest, or the one of this id. */
export async function listRepricings(db: Queryable, projectId: string, id: string | null, limit = 20): Promise<RepricingRow[]> {
  const { rows } = await db.query<RepricingRow>({
    name: 'list-repricings',
    text: `SELECT ${COLUMNS} FROM repricings WHERE project_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY created_at DESC, id LIMIT $3`,
    values: [projectId, id, limit],
  })
  return rows
}

/** How many of a project go on. */
export async function countRunningRepricings(db: Queryable, projectId: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>({
    name: 'count-running-repricings',
    text: `SELECT count(*)::int AS n FROM repricings WHERE project_id = $1 AND status = 'running'`,
    values: [projectId],
  })
  return rows[0]?.n ?? 0
}

export interface DueRepricing extends RepricingRow {
  readonly overrides: unknown
  readonly position: RepricingPosition | null
  /** Of the page to do. */
  readonly page: number
}

/**
 * The oldest that goes on and was asked for so many milliseconds ago, locked until the end of the transaction: no other collector
 * takes it meanwhile. One of a project after the other: two that change a span at once would both correct the sums by all of it.
 */
export async function lockDueRepricing(db: Queryable, ageMs: number): Promise<DueRepricing | undefined> {
  const { rows } = await db.query<DueRepricing>({
    name: 'lock-due-repricing',
    text: `SELECT ${COLUMNS}, overrides, position, page FROM repricings AS r WHERE status = 'running'
        AND created_at <= now() - $1::float8 * interval '1 millisecond'
        AND NOT EXISTS (SELECT FROM repricings AS o WHERE o.project_id = r.project_id AND o.status = 'running'
          AND (o.created_at, o.id) < (r.created_at, r.id))
      ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    values: [ageMs],
  })
  return rows[0]
}

/** One that goes on, locked until the end of the transaction. */
export async function lockRepricing(db: Queryable, projectId: string, id: string): Promise<DueRepricing | undefined> {
  const { rows } = await db.query<DueRepricing>({
    name: 'lock-repricing',
    text: `SELECT ${COLUMNS}, overrides, position, page FROM repricings WHERE project_id = $1 AND id = $2 AND status = 'running' FOR UPDATE`,
    values: [projectId, id],
  })
  return rows[0]
}

export interface RepricedPage {
  readonly id: string
  /** Null: there is no further one. */
  readonly position: RepricingPosition | null
  readonly done: number
  readonly changed: number
  readonly costDelta: string
}

/** Notes that a page is done, and the end with the last one. */
export async function moveRepricing(db: Queryable, page: RepricedPage): Promise<void> {
  await db.query({
    name: 'move-repricing',
    text: `UPDATE repricings SET page = page + 1, position = coalesce($2, position), done = done + $3, changed = changed + $4,
        cost_delta = cost_delta + $5, total = greatest(total, done + $3),
        status = CASE WHEN $2::jsonb IS NULL THEN 'succeeded' ELSE status END, ended_at = CASE WHEN $2::jsonb IS NULL THEN now() END
      WHERE id = $1`,
    values: [page.id, page.position === null ? null : JSON.stringify(page.position), page.done, page.changed, page.costDelta],
  })
}

/** Ends one that goes on; others stay as they are. */
export async function endRepricing(
  db: Queryable,
  end: { projectId: string; id: string; status: 'failed' | 'cancelled'; error: string | null },
): Promise<void> {
  await db.query({
    name: 'end-repricing',
    text: `UPDATE repricings SET status = $3, error = $4, ended_at = now() WHERE project_id = $1 AND id = $2 AND status = 'running'`,
    values: [end.projectId, end.id, end.status, end.error],
  })
}
