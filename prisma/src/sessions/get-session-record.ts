import type { Queryable } from '../queryable.ts'
import { utc, utcText } from '../runs/run-row.ts'
import type { StoredMessage } from './get-session.ts'
import type { StoredCompaction } from './get-session-tail.ts'

/** What is stored of a session, without its messages. `state` and each `summary` are JSON text. */
export interface SessionRecord {
  readonly id: string
  readonly version: number
  readonly state: string
  readonly messages: number
  readonly createdAt: string
  readonly updatedAt: string
  /** In order. */
  readonly compactions: StoredCompaction[]
}

/** Undefined where no program has stored a session of this id. */
export async function getSessionRecord(db: Queryable, input: { projectId: string; id: string }): Promise<SessionRecord | undefined> {
  const { rows } = await db.query<SessionRecord>({
    name: 'get-session-record',
    text: `SELECT s.id, s.version, s.state, ${utc('s.created_at', 'createdAt')}, ${utc('s.updated_at', 'updatedAt')},
        (SELECT coalesce(max(position) + 1, 0) FROM session_messages WHERE project_id = s.project_id AND session_id = s.id) AS messages,
        coalesce((SELECT json_agg(json_build_object('throughPosition', through_position, 'summary', summary, 'tokensBefore', tokens_before,
            'tokensAfter', tokens_after, 'runId', run_id, 'createdAt', ${utcText('created_at')}) ORDER BY through_position)
          FROM session_compactions WHERE project_id = s.project_id AND session_id = s.id), '[]') AS compactions
      FROM sessions s WHERE s.project_id = $1 AND s.id = $2`,
    values: [input.projectId, input.id],
  })
  return rows[0]
}

export interface PlacedMessage extends StoredMessage {
  readonly position: number
}

/** Messages of a session in order, the last ones before a position. */
export async function listSessionMessages(
  db: Queryable,
  input: { projectId: string; id: string; before: number; limit: number },
): Promise<PlacedMessage[]> {
  const { rows } = await db.query<PlacedMessage>({
    name: 'list-session-messages',
    text: `SELECT position, role, content, ${utc('created_at', 'createdAt')} FROM session_messages
      WHERE project_id = $1 AND session_id = $2 AND position < $3 ORDER BY position DESC LIMIT $4`,
    values: [input.projectId, input.id, input.before, input.limit],
  })
  return rows.reverse()
}
