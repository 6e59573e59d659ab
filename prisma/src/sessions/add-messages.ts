import type pg from 'pg'
import { inTransaction } from '../transaction.ts'
import { bumpVersion, type SessionChange } from './bump-version.ts'

/** `content` is the JSON text of an encoded value. */
export interface NewMessage {
  role: string
  content: string
  createdAt?: string | undefined
}

/**
 * Appends messages and answers the session's new version.
 * @throws {VersionConflictError} where `ifVersion` is no longer the current one
 */
export async function addMessages(pool: pg.Pool, change: SessionChange & { messages: NewMessage[] }): Promise<number> {
  const { projectId, id, messages } = change
  return await inTransaction(pool, async (client) => {
    // The row lock comes first: only the next statement's snapshot sees what a concurrent writer has appended.
    const version = await bumpVersion(client, change)
    await client.query(
      `insert into session_messages (project_id, session_id, position, role, content, created_at)
       select $1, $2,
              (select coalesce(max(position), -1) from session_messages where project_id = $1 and session_id = $2) + m.place,
              m.role, m.content, coalesce(m.created_at, now())
         from unnest($3::text[], $4::text[], $5::timestamptz[]) with ordinality as m (role, content, created_at, place)`,
      [projectId, id, messages.map((m) => m.role), messages.map((m) => m.content), messages.map((m) => m.createdAt ?? null)],
    )
    return version
  })
}
