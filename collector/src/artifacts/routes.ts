import { getBlob, listArtifacts, putBlob, storeArtifact } from '@cairn/prisma'
import { LIMITS, Name } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { parse } from '../http/parse.ts'
import { runOf } from '../runs/routes.ts'

const Path = z.object({ id: z.string(), name: Name })
const Headers = z.object({ 'x-cairn-execution': z.coerce.number().int().positive() })

export function registerArtifactRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  app.get('/api/v1/runs/:id/artifacts', async (request) => {
    const run = await runOf(ctx, request)
    const artifacts = await listArtifacts(ctx.pool, run.id)
    return { items: artifacts.map(({ hash, ...artifact }) => ({ ...artifact, sha256: hash.toString('hex') })) }
  })

  app.get('/api/v1/runs/:id/artifacts/:name', async (request, reply) => {
    const { name } = parse(Path, request.params, 'path')
    const run = await runOf(ctx, request)
    const artifact = (await listArtifacts(ctx.pool, run.id)).find((a) => a.name === name)
    const bytes = artifact && (await getBlob(ctx.pool, run.projectId, artifact.hash))
    if (artifact === undefined || bytes === undefined) throw notFound(`artifact ${name} of run ${run.id}`)
    // Bytes from agents are hostile: a browser saves them and never runs them in this origin.
    return reply
      .type(artifact.contentType)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(bytes)
  })

  // In a scope of its own: here any content type is bytes.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LIMITS.artifactBytes }, (_request, body, done) => done(null, body))
    scope.put('/api/v1/runs/:id/artifacts/:name', { bodyLimit: LIMITS.artifactBytes }, async (request, reply) => {
      const { name } = parse(Path, request.params, 'path')
      const execution = parse(Headers, request.headers, 'headers')['x-cairn-execution']
      const run = await runOf(ctx, request)
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const hash = await putBlob(ctx.pool, projectOf(request), bytes)
      const contentType = contentTypeOf(request.headers['content-type'])
      const stored = await storeArtifact(ctx.pool, {
        projectId: run.projectId,
        runId: run.id,
        execution,
        name,
        contentType,
        hash,
        bytes: bytes.length,
      })
      if (!stored)
        throw new CollectorError('stale_execution', `Execution ${execution} of run ${run.id} may not write any more. Stop it here.`)
      return reply.code(201).send({ name, contentType, bytes: bytes.length })
    })
  })
}

const contentTypeOf = (header: string | undefined) =>
  header !== undefined && /^[\w.+-]+\/[\w.+-]+(;\s*[\w-]+=[\w.-]+)*$/.test(header) ? header : 'application/octet-stream'
