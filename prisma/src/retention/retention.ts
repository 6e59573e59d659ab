import type { Queryable } from '../queryable.ts'

export interface Retention {
  /** Days after its end that a run which succeeded is kept. */
  readonly succeededDays: number
  /** The same of one that failed, crashed or was cancelled. */
  readonly otherDays: number
}

const COLUMNS = 'keep_succeeded_days AS "succeededDays", keep_other_days AS "otherDays"'

export async function getRetention(db: Queryable, projectId: string): Promise<Retention | undefined> {
  const { rows } = await db.query<Retention>({
    name: 'get-retention',
    text: `SELECT ${COLUMNS} FROM projects WHERE id = $1`,
    values: [projectId],
  })
  return rows[0]
}

export async function setRetention(db: Queryable, projectId: string, retention: Retention): Promise<Retention | undefined> {
  const { rows } = await db.query<Retention>({
    name: 'set-retention',
    text: `UPDATE projects SET keep_succeeded_days = $2, keep_other_days = $3 WHERE id = $1 RETURNING ${COLUMNS}`,
    values: [projectId, retention.succeededDays, retention.otherDays],
  })
  return rows[0]
}

export interface TraceRetention {
  readonly projectId: string
  /** Days that its traces are kept: as long as any of its runs. */
  readonly days: number
}

/** Of all projects. */
export async function listTraceRetention(db: Queryable): Promise<TraceRetention[]> {
  const { rows } = await db.query<TraceRetention>({
    name: 'list-trace-retention',
    text: 'SELECT id AS "projectId", greatest(keep_succeeded_days, keep_other_days) AS days FROM projects ORDER BY id',
  })
  return rows
}

/** Traces of runs that were made before a time and are not deleted: they wait, are paused, go on, or wait for their turn. */
export async function listKeptTraceIds(db: Queryable, projectId: string, before: string, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ traceId: string }>({
    name: 'list-kept-trace-ids',
    text: `SELECT DISTINCT trace_id AS "traceId" FROM runs WHERE project_id = $1 AND created_at < $2 LIMIT $3`,
    values: [projectId, before, limit],
  })
  return rows.map((row) => row.traceId)
}
