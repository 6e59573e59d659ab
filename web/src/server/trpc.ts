import 'server-only'
import { listProjects, type MemberProject } from '@cairn/prisma'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import { ZodError } from 'zod'
import { auth } from './auth'
import { stores } from './stores'

export interface Context {
  readonly headers: Headers
}

/** What is wrong with an input, for a person: the field and why, not the parser's report. */
const t = initTRPC.context<Context>().create({
  transformer: superjson,
  errorFormatter: ({ shape, error }) => {
    if (!(error.cause instanceof ZodError)) return shape
    const message = error.cause.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    return { ...shape, message }
  },
})

export const { router, createCallerFactory } = t

/** Every procedure needs a person who is signed in and belongs to the project. */
export const procedure = t.procedure.use(async ({ ctx, next }) => {
  const session = await auth().api.getSession({ headers: ctx.headers })
  if (session === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first.' })
  const project = await firstProject(session.user.id)
  return next({ ctx: { ...ctx, ...stores(), user: { id: session.user.id, email: session.user.email }, project } })
})

/** Changes are for those who may: viewers look. */
export const command = procedure.use(({ ctx, next }) => {
  if (ctx.project.role === 'viewer')
    throw new TRPCError({ code: 'FORBIDDEN', message: 'Your role in this project is viewer: you may look, not change.' })
  return next()
})

async function firstProject(userId: string): Promise<MemberProject> {
  const [project] = await listProjects(stores().pool, userId)
  if (project === undefined) throw new TRPCError({ code: 'FORBIDDEN', message: 'You belong to no project. Ask an owner to add you.' })
  return project
}
