import { countOldTraces } from '@cairn/clickhouse'
import { countOldRuns, getRetention, setRetention } from '@cairn/prisma'
import { AskRetention, Retention, type RetentionPreview } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { parse } from '../http/parse.ts'
import { tracesKeptSince } from '../jobs/trace-retention.ts'

export function registerRetentionRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  app.get('/api/v1/retention', async (request): Promise<Retention> => {
    const retention = await getRetention(ctx.pool, projectOf(request))
    if (retention === undefined) throw notFound('this project')
    return retention
  })

  app.get('/api/v1/retention/preview', async (request): Promise<RetentionPreview> => {
    const projectId = projectOf(request)
    const asked = parse(AskRetention, request.query, 'query')
    const before = tracesKeptSince(Math.max(asked.succeededDays, asked.otherDays), Date.now())
    const [runs, traces] = await Promise.all([
      countOldRuns(ctx.pool, projectId, asked),
      countOldTraces(ctx.clickhouse, { projectId, before }),
    ])
    return { runs, traces: { ...traces, before } }
  })

  app.put('/api/v1/retention', async (request): Promise<Retention> => {
    const retention = await setRetention(ctx.pool, projectOf(request), parse(Retention, request.body, 'body'))
    if (retention === undefined) throw notFound('this project')
    return retention
  })
}
