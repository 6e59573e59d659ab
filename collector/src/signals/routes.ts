import { inTransaction, lockRunAndParents, storeSignal, takeSignal, wakeRuns } from '@cairn/prisma'
import { Name, StepKey } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { v7 } from 'uuid'
import { z } from 'zod'
import type { CollectorContext } from '../context.ts'
import { CollectorError } from '../errors.ts'
import { parse, valueText } from '../http/parse.ts'
import type { Notifier } from '../runs/notifier.ts'
import { runOf } from '../runs/routes.ts'
import type { WorkerHub } from '../workers/hub.ts'

const Path = z.object({ id: z.string(), name: Name })
const Take = z.object({ execution: z.number().int().positive(), stepKey: StepKey })

export function registerSignalRoutes(
  app: FastifyInstance,
  { ctx, notifier, hub }: { ctx: CollectorContext; notifier: Notifier; hub: WorkerHub },
): void {
  app.post('/api/v1/runs/:id/signals/:name', async (request, reply) => {
    const { name } = parse(Path, request.params, 'path')
    const run = await runOf(ctx, request)
    const payload = (request.body ?? null) as Parameters<typeof JSON.stringify>[0]
    const signal = { id: v7(), projectId: run.projectId, runId: run.id, name, payload: valueText(payload, 'body') }
    const { stored, woken } = await inTransaction(ctx.pool, async (db) => {
      const chain = await lockRunAndParents(db, run.projectId, run.id)
      return { stored: await storeSignal(db, signal), woken: await wakeRuns(db, chain) }
    })
    for (const agent of woken) notifier.workReady(run.projectId, agent)
    if (!stored) throw new CollectorError('conflict', `The run is ${run.status}: it waits for nothing any more.`)
    if (run.workerId !== null) hub.command(run.workerId, { type: 'signal', runId: run.id as never, name, payload })
    notifier.runChanged(run.id)
    return reply.code(202).send({ runId: run.id, name })
  })

  /** A worker asks for a signal that its step waits for; 204 while there is none. Asking again is safe. */
  app.post('/api/v1/runs/:id/signals/:name/take', async (request, reply) => {
    const { name } = parse(Path, request.params, 'path')
    const { execution, stepKey } = parse(Take, request.body, 'body')
    const run = await runOf(ctx, request)
    const payload = await takeSignal(ctx.pool, { projectId: run.projectId, runId: run.id, execution, name, stepKey })
    if (payload === undefined) return reply.code(204).send()
    return { payload: JSON.parse(payload) }
  })
}
