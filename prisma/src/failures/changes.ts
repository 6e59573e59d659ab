import { v7 } from 'uuid'
import type { Queryable } from '../queryable.ts'
import { utc } from '../runs/run-row.ts'

export interface FailureChangeRow {
  readonly change: string
  /** Null: the collector. */
  readonly actor: string | null
  readonly note: string | null
  /** JSON text. */
  readonly details: string
  /** RFC 3339. */
  readonly at: string
}

interface NewFailureChange extends Pick<FailureChangeRow, 'change' | 'actor' | 'note'> {
  readonly projectId: string
  readonly errorGroup: string
  readonly details: Readonly<Record<string, unknown>>
}

export async function logFailureChange(db: Queryable, change: NewFailureChange): Promise<void> {
  await db.query({
    name: 'log-failure-change',
    text: `INSERT INTO failure_changes (id, project_id, error_group, change, actor, note, details) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [v7(), change.projectId, change.errorGroup, change.change, change.actor, change.note, JSON.stringify(change.details)],
  })
}

/** What was decided about a group and its parts, newest first. */
export async function listFailureChanges(
  db: Queryable,
  { projectId, errorGroups, limit }: { projectId: string; errorGroups: readonly string[]; limit: number },
): Promise<FailureChangeRow[]> {
  const { rows } = await db.query<FailureChangeRow>({
    name: 'list-failure-changes',
    text: `SELECT change, actor, note, details, ${utc('at', 'at')} FROM failure_changes
      WHERE project_id = $1 AND error_group = ANY($2::text[]) ORDER BY failure_changes.at DESC, id DESC LIMIT $3`,
    values: [projectId, errorGroups, limit],
  })
  return rows
}
