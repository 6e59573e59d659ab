import { getRetention, setRetention } from '@cairn/prisma'
import { Retention } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { parse } from '../http/parse.ts'

export function registerRetentionRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  app.get('/api/v1/retention', async (request): Promise<Retention> => {
    const retention = await getRetention(ctx.pool, projectOf(request))
    if (retention === undefined) throw notFound('this project')
    return retention
  })

  app.put('/api/v1/retention', async (request): Promise<Retention> => {
    const retention = await setRetention(ctx.pool, projectOf(request), parse(Retention, request.body, 'body'))
    if (retention === undefined) throw notFound('this project')
    return retention
  })
}
