import type { Compaction, Message } from '../protocol/session.ts'

interface FakeSession {
  version: number
  state: unknown
  readonly messages: Message[]
  readonly compactions: Compaction[]
}

/** Conversations of the fake collector. */
export class FakeSessions {
  readonly #sessions = new Map<string, FakeSession>()

  get(id: string): FakeSession {
    const session = this.#sessions.get(id) ?? { version: 0, state: {}, messages: [], compactions: [] }
    this.#sessions.set(id, session)
    return session
  }

  answer(method: string, url: string, body: unknown): [number, unknown] {
    const { pathname, searchParams } = new URL(url, 'http://fake')
    const [, , , , id = '', action] = pathname.split('/')
    const session = this.get(decodeURIComponent(id))
    if (action === 'messages') {
      session.messages.push(...(body as { messages: Message[] }).messages)
      session.version++
    } else if (action === 'compactions') {
      const compaction = { ...(body as Compaction), createdAt: new Date().toISOString() }
      const isBehind = compaction.throughPosition <= (farthest(session)?.throughPosition ?? -1)
      if (!isBehind) session.compactions.push(compaction)
      return [isBehind ? 200 : 201, show(decodeURIComponent(id), session, true)]
    } else if (method === 'PUT') {
      session.state = (body as { state: unknown }).state
      session.version++
    } else if (session.version === 0) return [404, { error: { code: 'not_found', message: `no session ${id}` } }]
    return [200, show(decodeURIComponent(id), session, searchParams.get('tail') === 'true')]
  }
}

const farthest = ({ compactions }: FakeSession): Compaction | undefined => compactions.at(-1)

function show(id: string, session: FakeSession, tail: boolean): unknown {
  const { version, state, messages } = session
  const all = { id, version, state, messages, updatedAt: new Date().toISOString() }
  const compaction = farthest(session) ?? null
  return tail ? { ...all, messages: messages.slice((compaction?.throughPosition ?? -1) + 1), compaction } : all
}
