import { findCached } from '@cairn/prisma'
import { type Cached, FindCached } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { parse } from '../http/parse.ts'
import { spendingOfSteps } from '../runs/spending.ts'
import { loadValue } from '../runs/value-store.ts'
import { hashOf } from './cache-key.ts'

/** A worker asks whether another run has made what its step would make; 204 where none has. */
export function registerStepCacheRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  app.post('/api/v1/step-cache/find', async (request, reply) => {
    const { key } = parse(FindCached, request.body, 'body')
    const projectId = projectOf(request)
    const found = await findCached(ctx.pool, projectId, hashOf(key))
    if (found === undefined) return reply.code(204).send()
    const [output, spending] = await Promise.all([
      loadValue(ctx.pool, projectId, { text: found.output, blob: found.outputBlob }),
      spendingOfSteps(ctx, { id: found.runId, projectId }, []),
    ])
    const saved = spending.get(found.stepKey)
    const cached: Cached = {
      output,
      runId: found.runId as Cached['runId'],
      stepKey: found.stepKey,
      tokens: saved?.usage.total ?? 0,
      usd: saved?.knownUsd ?? '0',
    }
    return cached
  })
}
