import { listWorkers, renewLease } from '@cairn/prisma'
import { WorkerId } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { parse } from '../http/parse.ts'
import type { WorkerHub } from './hub.ts'
import { LEASE_MS } from './lease.ts'

export function registerWorkerRoutes(app: FastifyInstance, { ctx, hub }: { ctx: CollectorContext; hub: WorkerHub }): void {
  app.get('/api/v1/worker', { websocket: true }, (socket, request) => hub.accept(socket, projectOf(request)))
  /** From a worker whose main thread is blocked by a step: its socket says nothing, but it lives. */
  app.post('/api/v1/workers/:id/heartbeat', async (request) => {
    const { id } = parse(z.object({ id: WorkerId }), request.params, 'path')
    return { alive: await renewLease(ctx.pool, { projectId: projectOf(request), workerId: id, leaseMs: LEASE_MS }) }
  })
  app.get('/api/v1/workers', async (request) => ({ items: await listWorkers(ctx.pool, projectOf(request)) }))
}
