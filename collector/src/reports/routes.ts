import type { FastifyInstance } from 'fastify'
import type { CollectorContext } from '../context.ts'
import { CollectorError } from '../errors.ts'

export function registerReportRoutes(app: FastifyInstance, _ctx: CollectorContext): void {
  app.get('/api/v1/reports/:report', async () => {
    throw new CollectorError('not_implemented', 'Reports are not built yet.')
  })
}
