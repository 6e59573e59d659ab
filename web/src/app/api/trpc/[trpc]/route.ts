import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { appRouter } from '@/server/router'

export const dynamic = 'force-dynamic'

const handle = (request: Request) =>
  fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: () => ({ headers: request.headers }),
    // Questions that are too long for an address come in the body.
    allowMethodOverride: true,
  })

export { handle as GET, handle as POST }
