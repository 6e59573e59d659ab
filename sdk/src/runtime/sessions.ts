import { z } from 'zod'
import { CairnError } from '../errors.ts'
import { type Compaction, Session, SessionTail } from '../protocol/session.ts'
import { decodeValue, encodeValue } from '../protocol/values.ts'
import type { HttpAnswer, HttpClient } from '../transport/http-client.ts'
import type { SessionHandle, SessionMessage } from './run.ts'

const Saved = z.object({ version: z.number().int() })

/** A session's summary, and the messages that it leaves out. */
export interface Tail {
  readonly version: number
  readonly compaction: Compaction | null
  readonly messages: readonly SessionMessage[]
}

const pathOf = (id: string): string => `/api/v1/sessions/${encodeURIComponent(id)}`
const decodeMessages = (messages: Session['messages']): SessionMessage[] =>
  messages.map(({ role, content }) => ({ role, content: decodeValue(content) }))

/** A session through the collector's API. */
export function openSession(http: HttpClient, id: string): Omit<SessionHandle, 'context'> {
  const path = pathOf(id)
  return {
    id,
    load: async () => {
      const answer = await ifThere(http.request({ method: 'GET', path }))
      if (answer === undefined) return { version: 0, state: {}, messages: [] }
      const session = Session.parse(answer.body)
      return { version: session.version, state: decodeValue(session.state), messages: decodeMessages(session.messages) }
    },
    save: async (state, version) => {
      const headers = { 'if-match': `"${version}"` }
      return Saved.parse((await http.request({ method: 'PUT', path, json: { state: encodeValue(state) }, headers })).body)
    },
    addMessages: async (messages) => {
      const encoded = messages.map(({ role, content }) => ({ role, content: encodeValue(content) }))
      return Saved.parse((await http.request({ method: 'POST', path: `${path}/messages`, json: { messages: encoded } })).body)
    },
  }
}

/** Only the summary and what follows it: a long conversation isn't sent whole. */
export async function fetchTail(http: HttpClient, id: string, signal: AbortSignal): Promise<Tail> {
  const answer = await ifThere(http.request({ method: 'GET', path: `${pathOf(id)}?tail=true`, signal }))
  return answer === undefined ? { version: 0, compaction: null, messages: [] } : toTail(answer)
}

/** Adds a summary; gives the farthest there is, which may be another's, and what follows it. */
export async function storeCompaction(
  http: HttpClient,
  id: string,
  { compaction, signal }: { compaction: Omit<Compaction, 'createdAt'>; signal: AbortSignal },
): Promise<Tail> {
  return toTail(await http.request({ method: 'POST', path: `${pathOf(id)}/compactions`, json: compaction, signal }))
}

function toTail({ body }: HttpAnswer): Tail {
  const { version, compaction, messages } = SessionTail.parse(body)
  return { version, compaction, messages: decodeMessages(messages) }
}

/** Nobody wrote to it yet: undefined. */
async function ifThere(answer: Promise<HttpAnswer>): Promise<HttpAnswer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof CairnError && error.code === 'not_found') return undefined
    throw error
  }
}
