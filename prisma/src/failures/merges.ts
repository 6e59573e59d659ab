import type { Pool } from 'pg'
import type { Queryable } from '../queryable.ts'
import { inTransaction } from '../transaction.ts'
import { logFailureChange } from './changes.ts'

/** SQL of a group of failures and all that were merged into it. UNION, not UNION ALL: it would end in a circle too. */
export const mergedGroups = (project: string, group: string) => `
  WITH RECURSIVE part AS (
    SELECT ${group}::text AS error_group
    UNION SELECT m.error_group FROM failure_merges m JOIN part p ON m.parent_group = p.error_group WHERE m.project_id = ${project}
  ) SELECT error_group FROM part`

export interface FailureMergeRow {
  readonly errorGroup: string
  readonly parentGroup: string
}

/** All merges of a project: there are at most MOST_MERGES. */
export async function listFailureMerges(db: Queryable, projectId: string): Promise<FailureMergeRow[]> {
  const { rows } = await db.query<FailureMergeRow>({
    name: 'list-failure-merges',
    text: 'SELECT error_group AS "errorGroup", parent_group AS "parentGroup" FROM failure_merges WHERE project_id = $1',
    values: [projectId],
  })
  return rows
}

const MOST_MERGES = 4_000

export type MergeVerdict = 'merged' | 'circle' | 'too_many'

/** Makes groups part of another one. A group that is part of one already moves, with its own parts. */
export function mergeFailures(
  pool: Pool,
  { projectId, into, groups, actor }: { projectId: string; into: string; groups: readonly string[]; actor: string | null },
): Promise<MergeVerdict> {
  return inTransaction(pool, async (db) => {
    // Two merges at once could make a circle.
    await db.query({
      name: 'lock-failure-merges',
      text: `SELECT pg_advisory_xact_lock(hashtext('failure_merges'), hashtext($1))`,
      values: [projectId],
    })
    const merges = await listFailureMerges(db, projectId)
    const parents = new Map(merges.map((merge) => [merge.errorGroup, merge.parentGroup]))
    const above = new Set<string>()
    for (let group: string | undefined = into; group !== undefined && !above.has(group); group = parents.get(group)) above.add(group)
    if (groups.some((group) => above.has(group))) return 'circle'
    if (merges.length + groups.length > MOST_MERGES) return 'too_many'
    await db.query({
      name: 'merge-failures',
      text: `INSERT INTO failure_merges (project_id, error_group, parent_group, actor) SELECT $1, unnest($2::text[]), $3, $4
        ON CONFLICT (project_id, error_group) DO UPDATE SET parent_group = excluded.parent_group, actor = excluded.actor, merged_at = now()`,
      values: [projectId, groups, into, actor],
    })
    await logFailureChange(db, { projectId, errorGroup: into, change: 'merged', actor, note: null, details: { groups } })
    return 'merged'
  })
}

/** Takes groups out of the one that they are part of. Gives those that were part of one. */
export function unmergeFailures(
  pool: Pool,
  { projectId, groups, actor }: { projectId: string; groups: readonly string[]; actor: string | null },
): Promise<string[]> {
  return inTransaction(pool, async (db) => {
    const { rows } = await db.query<FailureMergeRow>({
      name: 'unmerge-failures',
      text: `DELETE FROM failure_merges WHERE project_id = $1 AND error_group = ANY($2::text[])
        RETURNING error_group AS "errorGroup", parent_group AS "parentGroup"`,
      values: [projectId, groups],
    })
    for (const [parent, parts] of Map.groupBy(rows, (row) => row.parentGroup))
      await logFailureChange(db, {
        projectId,
        errorGroup: parent,
        change: 'unmerged',
        actor,
        note: null,
        details: { groups: parts.map((part) => part.errorGroup) },
      })
    return rows.map((row) => row.errorGroup)
  })
}
