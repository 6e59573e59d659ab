import { addMessages, getSession, putSession, type StoredSession } from '@cairn/prisma'
import { AddMessages, Name, PutSession, type Session } from '@cairn/sdk/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { notFound } from '../errors.ts'
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

  app.get('/api/v1/sessions/:id', async (request, reply) => answer(projectOf(request), parse(Path, request.params, 'path').id, reply))

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
}

const toSession = (session: StoredSession): Session => ({
  id: session.id,
  version: session.version,
  state: JSON.parse(session.state),
  messages: session.messages.map((message) => ({ role: message.role, content: JSON.parse(message.content), createdAt: message.createdAt })),
  updatedAt: session.updatedAt,
})
