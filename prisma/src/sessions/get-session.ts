import type { Queryable } from '../queryable.ts'

/** `content` is the JSON text of an encoded value. */
export interface StoredMessage {
  role: string
  content: string
  createdAt: string
}

export interface StoredSession {
  id: string
  version: number
  /** JSON text of an encoded value. */
  state: string
  messages: StoredMessage[]
  updatedAt: string
}

type Row = Omit<StoredSession, 'messages'> & { roles: string[]; contents: string[]; times: string[] }

/** One statement, so that state and messages are of one version. */
export async function getSession(db: Queryable, { projectId, id }: { projectId: string; id: string }): Promise<StoredSession | undefined> {
  const { rows } = await db.query<Row>(
    `select s.id, s.version, s.state, s.updated_at as "updatedAt",
            coalesce(m.roles, '{}') as roles, coalesce(m.contents, '{}') as contents, coalesce(m.times, '{}') as times
       from sessions s
       left join lateral (
         select array_agg(role order by position) as roles,
                array_agg(content order by position) as contents,
                array_agg(to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') order by position) as times
           from session_messages where project_id = s.project_id and session_id = s.id
       ) m on true
      where s.project_id = $1 and s.id = $2`,
    [projectId, id],
  )
  const [row] = rows
  if (row === undefined) return undefined
  const { roles, contents, times, ...session } = row
  return { ...session, messages: roles.map((role, i) => ({ role, content: contents[i] ?? 'null', createdAt: times[i] ?? '' })) }
}
