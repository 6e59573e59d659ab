import type { Queryable } from '../queryable.ts'

/** `content` is the JSON text of an encoded value. */
export interface StoredMessage {
  role: string
  content: string
  createdAt: string
}

export interface StoredCompaction {
  throughPosition: number
  summary: string
  tokensBefore: number
  tokensAfter: number
  runId: string | null
  createdAt: string
}

export interface StoredSession {
  id: string
  version: number
  /** JSON text of an encoded value. */
  state: string
  messages: StoredMessage[]
  /** The newest one. */
  compaction: StoredCompaction | null
  updatedAt: string
}

type Row = Omit<StoredSession, 'messages'> & { roles: string[]; contents: string[]; times: string[] }

const TIME = `to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/**
 * A session as it is now; with `tail` only the messages after its newest compaction. One statement, so that state and messages are of
 * one version.
 */
export async function getSession(
  db: Queryable,
  { projectId, id, tail = false }: { projectId: string; id: string; tail?: boolean },
): Promise<StoredSession | undefined> {
  const { rows } = await db.query<Row>(
    `select s.id, s.version, s.state, s.updated_at as "updatedAt", c.compaction,
            coalesce(m.roles, '{}') as roles, coalesce(m.contents, '{}') as contents, coalesce(m.times, '{}') as times
       from sessions s
       left join lateral (
         select through_position, json_build_object('throughPosition', through_position, 'summary', summary, 'tokensBefore', tokens_before,
                  'tokensAfter', tokens_after, 'runId', run_id, 'createdAt', ${TIME}) as compaction
           from session_compactions where project_id = s.project_id and session_id = s.id
          order by through_position desc limit 1
       ) c on true
       left join lateral (
         select array_agg(role order by position) as roles,
                array_agg(content order by position) as contents,
                array_agg(${TIME} order by position) as times
           from session_messages where project_id = s.project_id and session_id = s.id
            and (not $3::boolean or c.through_position is null or position > c.through_position)
       ) m on true
      where s.project_id = $1 and s.id = $2`,
    [projectId, id, tail],
  )
  const [row] = rows
  if (row === undefined) return undefined
  const { roles, contents, times, ...session } = row
  return { ...session, messages: roles.map((role, i) => ({ role, content: contents[i] ?? 'null', createdAt: times[i] ?? '' })) }
}
