import { editExample, getSet, listSets, listVersions, removeExample } from '@cairn/prisma'
import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { command, procedure, router } from '../trpc'

const SetName = z.object({ set: z.string().min(1).max(200) })

const JsonText = z
  .string()
  .max(1_000_000)
  .refine((text) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }, 'must be JSON')

export const fewShotRouter = router({
  sets: procedure.query(({ ctx }) => listSets(ctx.pool, ctx.project.id)),
  get: procedure.input(SetName.extend({ version: z.number().int().positive().optional() })).query(async ({ ctx, input }) => {
    const set = await getSet(ctx.pool, { projectId: ctx.project.id, set: input.set, version: input.version, limit: 1_000 })
    if (set === undefined) throw new TRPCError({ code: 'NOT_FOUND', message: `There is no set ${input.set}.` })
    return set
  }),
  versions: procedure.input(SetName).query(({ ctx, input }) => listVersions(ctx.pool, { projectId: ctx.project.id, set: input.set })),
  edit: command
    .input(SetName.extend({ id: z.uuid(), output: JsonText.optional(), note: z.string().max(2_000).nullable().optional() }))
    .mutation(({ ctx, input: { set, id, output, note } }) =>
      editExample(ctx.pool, {
        projectId: ctx.project.id,
        set,
        actor: ctx.user.email,
        id,
        content: { ...(output === undefined ? {} : { output }), ...(note === undefined ? {} : { note }) },
      }),
    ),
  remove: command
    .input(SetName.extend({ id: z.uuid() }))
    .mutation(({ ctx, input }) =>
      removeExample(ctx.pool, { projectId: ctx.project.id, set: input.set, actor: ctx.user.email, id: input.id }),
    ),
})
