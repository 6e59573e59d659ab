import { takeToken } from '@cairn/prisma'
import { Name, type TakenToken, TakeToken } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { parse, withoutNul } from '../http/parse.ts'

const Path = z.object({ key: Name })

/** A worker asks when its step may go on: the token is reserved, and the worker waits for it. */
export function registerRateLimitRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  app.post('/api/v1/rate-limits/:key/take', async (request): Promise<TakenToken> => {
    const { key } = parse(Path, request.params, 'path')
    const { limit, periodMs, maxWaitMs } = parse(TakeToken, request.body, 'body')
    return takeToken(ctx.pool, { projectId: projectOf(request), key: withoutNul(key), limit, periodMs, maxWaitMs: maxWaitMs ?? null })
  })
}
