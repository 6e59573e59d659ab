import { z } from 'zod'
import { Session } from '../protocol/session.ts'
import { decodeValue, encodeValue } from '../protocol/values.ts'
import type { HttpClient } from '../transport/http-client.ts'
import type { SessionHandle } from './run.ts'

const Saved = z.object({ version: z.number().int() })

/** A session through the collector's API. */
export function openSession(http: HttpClient, id: string): SessionHandle {
  const path = `/api/v1/sessions/${encodeURIComponent(id)}`
  return {
    id,
    load: async () => {
      const session = Session.parse((await http.request({ method: 'GET', path })).body)
      return {
        version: session.version,
        state: decodeValue(session.state),
        messages: session.messages.map(({ role, content }) => ({ role, content: decodeValue(content) })),
      }
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
