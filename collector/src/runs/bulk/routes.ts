import { StartBulkAction } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../../auth/authenticate.ts'
import { parse } from '../../http/parse.ts'
import type { RunParts } from '../routes.ts'
import { showBulkAction, showBulkActions, startBulkAction, stopBulkAction, undoBulk } from './bulk-actions.ts'

const Path = z.object({ id: z.uuid() })

/** Resume, cancel or promote many runs, so many a second. */
export function registerBulkActions(app: FastifyInstance, { ctx }: Pick<RunParts, 'ctx'>): void {
  app.post('/api/v1/runs/bulk', async (request, reply) => {
    const body = parse(StartBulkAction, request.body, 'body')
    return reply.code(202).send(await startBulkAction(ctx, projectOf(request), body))
  })
  app.get('/api/v1/runs/bulk', async (request) => ({ items: await showBulkActions(ctx, projectOf(request)) }))
  app.get('/api/v1/runs/bulk/:id', async (request) => showBulkAction(ctx, projectOf(request), parse(Path, request.params, 'path').id))
  app.delete('/api/v1/runs/bulk/:id', async (request) => stopBulkAction(ctx, projectOf(request), parse(Path, request.params, 'path').id))
  app.post('/api/v1/runs/bulk/:id/undo', async (request) => undoBulk(ctx, projectOf(request), parse(Path, request.params, 'path').id))
}
