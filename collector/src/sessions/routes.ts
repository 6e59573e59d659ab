import { addMessages, getSession, getSessionTail, putSession, type StoredSession, type StoredTail, storeCompaction } from '@cairn/prisma'
import {
  AddCompaction,
  AddMessages,
  type Compaction,
  GetSession,
  Name,
  PutSession,
  type Session,
  type SessionTail,
} from '@cairn/sdk/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { parse, valueText, withoutNul } from '../http/parse.ts'

const Path = z.object({ id: Name })
/** A version as in ETag: quoted or bare; `*` or none: whatever there is. */
const Headers = z.object({
  'if-match': z
    .string()
    .regex(/^(\*|"?\d+"?)$/, 'must be a version, as in ETag')
    .transform((text) => (text === '*' ? undefined : Number(text.replaceAll('"', ''))))
    .optional(),
})

/** Conversations that outlive a run: loaded, saved with versions, added to. A conflict is 409 and loses nothing. */
export function registerSessionRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  const answer = async (projectId: string, id: string, reply: FastifyReply) => {
    const session = await getSession(ctx.pool, { projectId, id })
    if (session === undefined) throw notFound(`session ${id}`)
    return reply.header('etag', `"${session.version}"`).send(toSession(session))
  }

  const answerTail = async (projectId: string, id: string, reply: FastifyReply) => {
    const session = await getSessionTail(ctx.pool, { projectId, id })
    if (session === undefined) throw notFound(`session ${id}`)
    return reply.header('etag', `"${session.version}"`).send(toTail(session))
  }

  app.get('/api/v1/sessions/:id', async (request, reply) => {
    const { id } = parse(Path, request.params, 'path')
    const { tail } = parse(GetSession, request.query, 'query')
    return (tail ? answerTail : answer)(projectOf(request), id, reply)
  })

  app.put('/api/v1/sessions/:id', async (request, reply) => {
    const { id } = parse(Path, request.params, 'path')
    const { state } = parse(PutSession, request.body, 'body')
    const ifVersion = parse(Headers, request.headers, 'headers')['if-match']
    await putSession(ctx.pool, { projectId: projectOf(request), id, ifVersion, state: valueText(state, 'body.state') })
    return answer(projectOf(request), id, reply)
  })

  app.post('/api/v1/sessions/:id/messages', async (request, reply) => {
    const { id } = parse(Path, request.params, 'path')
    const { messages } = parse(AddMessages, request.body, 'body')
    const ifVersion = parse(Headers, request.headers, 'headers')['if-match']
    await addMessages(ctx.pool, {
      projectId: projectOf(request),
      id,
      ifVersion,
      messages: messages.map((message, i) => ({
        role: withoutNul(message.role),
        content: valueText(message.content, `body.messages.${i}.content`),
        createdAt: message.createdAt,
      })),
    })
    return answer(projectOf(request), id, reply)
  })

  app.post('/api/v1/sessions/:id/compactions', async (request, reply) => {
    const { id } = parse(Path, request.params, 'path')
    const { summary, ...rest } = parse(AddCompaction, request.body, 'body')
    const projectId = projectOf(request)
    const compaction = { ...rest, summary: valueText(summary, 'body.summary') }
    const outcome = await storeCompaction(ctx.pool, { projectId, id, compaction })
    if (outcome === 'no_message')
      throw new CollectorError('invalid_request', `body.throughPosition: session ${id} has no message at ${rest.throughPosition}.`)
    return answerTail(projectId, id, reply.status(outcome === 'added' ? 201 : 200))
  })
}

const toSession = (session: StoredSession): Session => ({
  id: session.id,
  version: session.version,
  state: JSON.parse(session.state),
  messages: session.messages.map((message) => ({ role: message.role, content: JSON.parse(message.content), createdAt: message.createdAt })),
  updatedAt: session.updatedAt,
})

const toTail = ({ compaction, ...session }: StoredTail): SessionTail => ({
  ...toSession(session),
  // What was stored as a run's id was parsed as one.
  compaction: compaction && { ...compaction, summary: JSON.parse(compaction.summary), runId: compaction.runId as Compaction['runId'] },
})
