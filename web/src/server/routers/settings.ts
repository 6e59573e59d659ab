import { createApiKey, listApiKeys, listWorkers, revokeApiKey } from '@cairn/prisma'
import { z } from 'zod'
import { readConfig } from '@/config'
import { command, procedure, router } from '../trpc'

export const settingsRouter = router({
  project: procedure.query(({ ctx }) => ({ ...ctx.project, email: ctx.user.email, collectorUrl: readConfig().CAIRN_URL })),
  keys: procedure.query(({ ctx }) => listApiKeys(ctx.pool, ctx.project.id)),
  createKey: command
    .input(z.object({ name: z.string().min(1).max(100) }))
    .mutation(({ ctx, input }) => createApiKey(ctx.pool, { projectId: ctx.project.id, name: input.name })),
  revokeKey: command.input(z.object({ id: z.uuid() })).mutation(async ({ ctx, input }) => {
    await revokeApiKey(ctx.pool, { projectId: ctx.project.id, id: input.id })
  }),
  workers: procedure.query(({ ctx }) => listWorkers(ctx.pool, ctx.project.id)),
})
