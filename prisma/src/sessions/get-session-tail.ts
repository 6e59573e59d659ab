import type { Queryable } from '../queryable.ts'
import type { StoredMessage, StoredSession } from './get-session.ts'

/** The farthest summary of a session. `summary` is text as JSON text. */
export interface StoredCompaction {
  throughPosition: number
  summary: string
  tokensBefore: number
  tokensAfter: number
  runId: string | null
  createdAt: string
}

/** A session with its summary and the messages after it. */
export interface StoredTail extends StoredSession {
  compaction: StoredCompaction | null
}

type Row = Omit<StoredTail, 'messages'> & { messages: StoredMessage[] }

/** One statement, so that the messages are those that this summary leaves out. What it stands for is not read. */
export async function getSessionTail(db: Queryable, { projectId, id }: { projectId: string; id: string }): Promise<StoredTail | undefined> {
  const { rows } = await db.query<Row>(
    `select s.id, s.version, s.state, s.updated_at as "updatedAt", to_json(c) as compaction, coalesce(m.messages, '[]') as messages
       from sessions s
       left join lateral (
         select through_position as "throughPosition", summary, tokens_before as "tokensBefore", tokens_after as "tokensAfter",
                run_id as "runId", to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAt"
           from session_compactions where project_id = s.project_id and session_id = s.id
          order by through_position desc limit 1
       ) c on true
       left join lateral (
         select json_agg(json_build_object('role', role, 'content', content,
                  'createdAt', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by position) as messages
           from session_messages
          where project_id = s.project_id and session_id = s.id and position > coalesce(c."throughPosition", -1)
       ) m on true
      where s.project_id = $1 and s.id = $2`,
    [projectId, id],
  )
  return rows[0]
}
