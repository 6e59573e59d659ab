import type { Queryable } from '../queryable.ts'
import type { StoredCompaction } from './get-session-tail.ts'

/**
 * Adds a summary, unless one that reaches as far is there: of several at once the farthest counts, and none fails.
 * Answers whether it was added, or `no_message` where the session has no message at that position.
 */
export async function storeCompaction(
  db: Queryable,
  { projectId, id, compaction }: { projectId: string; id: string; compaction: Omit<StoredCompaction, 'createdAt'> },
): Promise<'added' | 'behind' | 'no_message'> {
  const { throughPosition, summary, tokensBefore, tokensAfter, runId } = compaction
  const { rows } = await db.query<{ known: boolean; added: boolean }>(
    `with known as (
       select 1 from session_messages where project_id = $1 and session_id = $2 and position = $3
     ), added as (
       insert into session_compactions (project_id, session_id, through_position, summary, tokens_before, tokens_after, run_id)
       select $1, $2, $3, $4, $5, $6, $7 from known
        where not exists (
          select 1 from session_compactions where project_id = $1 and session_id = $2 and through_position >= $3
        )
       on conflict do nothing
       returning 1
     )
     select exists (select 1 from known) as known, exists (select 1 from added) as added`,
    [projectId, id, throughPosition, summary, tokensBefore, tokensAfter, runId],
  )
  if (rows[0]?.known !== true) return 'no_message'
  return rows[0].added ? 'added' : 'behind'
}
