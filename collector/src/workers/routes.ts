import { listWorkers } from '@cairn/prisma'
import type { FastifyInstance } from 'fastify'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import type { WorkerHub } from './hub.ts'

export function registerWorkerRoutes(app: FastifyInstance, { ctx, hub }: { ctx: CollectorContext; hub: WorkerHub }): void {
  app.get('/api/v1/worker', { websocket: true }, (socket, request) => hub.accept(socket, projectOf(request)))
  app.get('/api/v1/workers', async (request) => ({ items: await listWorkers(ctx.pool, projectOf(request)) }))
}
