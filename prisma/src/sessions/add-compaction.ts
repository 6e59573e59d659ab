import type { Queryable } from '../queryable.ts'

export interface NewCompaction {
  readonly projectId: string
  readonly id: string
  readonly throughPosition: number
  readonly summary: string
  readonly tokensBefore: number
  readonly tokensAfter: number
  readonly runId: string | null
}

/** Stores a summary of a session's first messages. The first one through a position stays; false if the session has no such message. */
export async function addCompaction(db: Queryable, compaction: NewCompaction): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `with message as (
       select 1 from session_messages where project_id = $1 and session_id = $2 and position = $3
     ), added as (
       insert into session_compactions (project_id, session_id, through_position, summary, tokens_before, tokens_after, run_id)
       select $1, $2, $3, $4, $5, $6, $7 from message
       on conflict (project_id, session_id, through_position) do nothing
     )
     select exists (select from message) as found`,
    [
      compaction.projectId,
      compaction.id,
      compaction.throughPosition,
      compaction.summary,
      compaction.tokensBefore,
      compaction.tokensAfter,
      compaction.runId,
    ],
  )
  return rows[0]?.found === true
}
