import 'server-only'
import { listProjects } from '@cairn/prisma'
import { auth } from './auth'
import { stores } from './stores'

/** The answer to who may not read the project's files; null: they may. For routes beside tRPC, which has its own way to say so. */
export async function refuseStranger({ headers }: { headers: Headers }): Promise<Response | null> {
  const session = await auth().api.getSession({ headers })
  if (session === null) return new Response('Sign in first.', { status: 401 })
  if ((await listProjects(stores().pool, session.user.id)).length === 0) return new Response('You belong to no project.', { status: 403 })
  return null
}
