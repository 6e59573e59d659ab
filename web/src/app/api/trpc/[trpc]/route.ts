import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { appRouter } from '@/server/router'

export const dynamic = 'force-dynamic'

const handle = (request: Request) =>
  fetchRequestHandler({ endpoint: '/api/trpc', req: request, router: appRouter, createContext: () => ({ headers: request.headers }) })

export { handle as GET, handle as POST }
