import { TRPCError } from '@trpc/server'
import { v7 } from 'uuid'
import { z } from 'zod'
import { command, procedure, router } from '../trpc'

const Name = z.string().trim().min(1).max(100)
const Id = z.object({ id: z.uuid() })
const MOST = 200

/** Queries of a list that the project keeps under a name. */
export const savedViewsRouter = router({
  list: procedure.input(z.object({ page: z.enum(['runs']) })).query(({ ctx, input }) =>
    ctx.prisma.savedView.findMany({
      where: { projectId: ctx.project.id, page: input.page },
      orderBy: { name: 'asc' },
      take: MOST,
      select: { id: true, name: true, query: true, columns: true, sort: true },
    }),
  ),
  /** Under a name that is taken, it takes the place of the old one. */
  save: command
    .input(
      z.object({
        page: z.enum(['runs']),
        name: Name,
        query: z.string().max(2_000),
        columns: z.array(z.string().max(50)).max(50),
        sort: z.string().max(50),
      }),
    )
    .mutation(({ ctx, input: { page, name, ...view } }) =>
      ctx.prisma.savedView.upsert({
        where: { projectId_page_name: { projectId: ctx.project.id, page, name } },
        create: { id: v7(), projectId: ctx.project.id, page, name, createdBy: ctx.user.email, ...view },
        update: view,
        select: { id: true },
      }),
    ),
  rename: command.input(Id.extend({ name: Name })).mutation(async ({ ctx, input: { id, name } }) => {
    const taken = await ctx.prisma.savedView.findFirst({ where: { projectId: ctx.project.id, page: 'runs', name, NOT: { id } } })
    if (taken !== null) throw new TRPCError({ code: 'CONFLICT', message: `There is a view ${name} already. Choose another name.` })
    const { count } = await ctx.prisma.savedView.updateMany({ where: { id, projectId: ctx.project.id }, data: { name } })
    if (count === 0) throw new TRPCError({ code: 'NOT_FOUND', message: 'The view was deleted meanwhile.' })
  }),
  remove: command.input(Id).mutation(async ({ ctx, input }) => {
    await ctx.prisma.savedView.deleteMany({ where: { id: input.id, projectId: ctx.project.id } })
  }),
})
