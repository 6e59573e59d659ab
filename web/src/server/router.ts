import 'server-only'
import { fewShotRouter } from './routers/few-shot'
import { pricesRouter } from './routers/prices'
import { reportsRouter } from './routers/reports'
import { runsRouter } from './routers/runs'
import { searchRouter } from './routers/search'
import { settingsRouter } from './routers/settings'
import { tracesRouter } from './routers/traces'
import { router } from './trpc'

export const appRouter = router({
  runs: runsRouter,
  traces: tracesRouter,
  reports: reportsRouter,
  fewShot: fewShotRouter,
  prices: pricesRouter,
  search: searchRouter,
  settings: settingsRouter,
})
export type AppRouter = typeof appRouter
