import type { Pool } from 'pg'
import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'
import { inTransaction } from '../transaction.ts'
import { logFailureChange } from './changes.ts'

/** What was decided about a group last. Times are RFC 3339. */
export interface FailureDecisionRow {
  readonly projectId: string
  readonly errorGroup: string
  readonly state: 'open' | 'resolved' | 'muted'
  readonly actor: string | null
  readonly note: string | null
  readonly decidedAt: string
  /** With resolved: the version that has the remedy. */
  readonly inVersion: string | null
  readonly oldVersions: readonly string[]
  /** With muted. */
  readonly untilTime: string | null
  readonly untilCount: number | null
  /** With open: when it failed again after it had been resolved. Else: when it last did. */
  readonly regressedAt: string | null
}

const COLUMNS = `project_id AS "projectId", error_group AS "errorGroup", state, actor, note, ${utc('decided_at', 'decidedAt')},
  in_version AS "inVersion", old_versions AS "oldVersions", ${utc('until_time', 'untilTime')}, until_count AS "untilCount",
  ${utc('regressed_at', 'regressedAt')}`

/** Decisions about some groups of a project. */
export async function listFailureDecisions(
  db: Queryable,
  { projectId, errorGroups }: { projectId: string; errorGroups: readonly string[] },
): Promise<FailureDecisionRow[]> {
  const { rows } = await db.query<FailureDecisionRow>({
    name: 'list-failure-decisions',
    text: `SELECT ${COLUMNS} FROM failure_decisions WHERE project_id = $1 AND error_group = ANY($2::text[])`,
    values: [projectId, errorGroups],
  })
  return rows
}

/** Of a group that is part of another one, what was decided about that one counts. */
const WATCHED = `(state = 'resolved' OR (state = 'muted' AND (until_time IS NOT NULL OR until_count IS NOT NULL)))
  AND NOT EXISTS (SELECT FROM failure_merges m WHERE m.project_id = d.project_id AND m.error_group = d.error_group)`

/** Decisions of a project which a failure or the time may overthrow: after the group `after`, by name. */
export async function listWatchedDecisions(
  db: Queryable,
  { projectId, after, limit }: { projectId: string; after: string; limit: number },
): Promise<FailureDecisionRow[]> {
  const { rows } = await db.query<FailureDecisionRow>({
    name: 'list-watched-decisions',
    text: `SELECT ${COLUMNS} FROM failure_decisions d WHERE project_id = $1 AND error_group > $2 AND ${WATCHED} ORDER BY error_group LIMIT $3`,
    values: [projectId, after, limit],
  })
  return rows
}

/** Projects that have such decisions. */
export async function listWatchedProjects(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ projectId: string }>({
    name: 'list-watched-projects',
    text: `SELECT DISTINCT project_id AS "projectId" FROM failure_decisions d WHERE ${WATCHED}`,
  })
  return rows.map((row) => row.projectId)
}

/** Until the transaction ends no other collector judges the groups of this project. False: one does. */
export async function tryLockReopening(db: Queryable, projectId: string): Promise<boolean> {
  const { rows } = await db.query<{ locked: boolean }>({
    name: 'try-lock-reopening',
    text: `SELECT pg_try_advisory_xact_lock(hashtext('reopen_failures'), hashtext($1)) AS locked`,
    values: [projectId],
  })
  return rows[0]?.locked === true
}

export interface NewFailureDecision extends Omit<FailureDecisionRow, 'decidedAt' | 'regressedAt'> {
  /** With open: as it was before what was decided since. */
  readonly isRegression: boolean
}

/** Decides about a group, and notes it in its history. */
export function decideFailure(pool: Pool, decision: NewFailureDecision): Promise<void> {
  const { projectId, errorGroup, state, actor, note, inVersion, oldVersions, untilTime, untilCount, isRegression } = decision
  return inTransaction(pool, async (db) => {
    await db.query({
      name: 'decide-failure',
      text: `INSERT INTO failure_decisions (project_id, error_group, state, actor, note, in_version, old_versions, until_time, until_count,
          regressed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $10 THEN now() END)
        ON CONFLICT (project_id, error_group) DO UPDATE SET state = excluded.state, actor = excluded.actor, note = excluded.note,
          decided_at = now(), in_version = excluded.in_version, old_versions = excluded.old_versions, until_time = excluded.until_time,
          until_count = excluded.until_count, regressed_at = CASE WHEN $10 OR excluded.state <> 'open'
            THEN coalesce(failure_decisions.regressed_at, excluded.regressed_at) END`,
      values: [projectId, errorGroup, state, actor, note, inVersion, oldVersions, untilTime, untilCount, isRegression],
    })
    const details = {
      ...(inVersion === null ? {} : { inVersion }),
      ...(untilTime === null ? {} : { untilTime }),
      ...(untilCount === null ? {} : { untilCount }),
    }
    await logFailureChange(db, { projectId, errorGroup, change: state, actor, note, details })
  })
}

/**
 * Opens a group by itself, unless somebody decided otherwise meanwhile. `regressedAt`: it had been resolved, and failed again then;
 * null: it was muted, and that is over.
 */
export function reopenFailure(
  pool: Pool,
  { decision, regressedAt, version }: { decision: FailureDecisionRow; regressedAt: string | null; version: string | null },
): Promise<boolean> {
  const { projectId, errorGroup, decidedAt } = decision
  return inTransaction(pool, async (db) => {
    const { rowCount } = await db.query({
      name: 'reopen-failure',
      text: `UPDATE failure_decisions SET state = 'open', actor = NULL, note = NULL, decided_at = now(), in_version = NULL, old_versions = '{}',
          until_time = NULL, until_count = NULL, regressed_at = $4::timestamptz
        WHERE project_id = $1 AND error_group = $2 AND decided_at = $3::timestamptz AND state <> 'open'`,
      values: [projectId, errorGroup, decidedAt, regressedAt],
    })
    if (rowCount !== 1) return false
    const change = regressedAt === null ? 'unmuted' : 'regressed'
    await logFailureChange(db, { projectId, errorGroup, change, actor: null, note: null, details: version === null ? {} : { version } })
    return true
  })
}
