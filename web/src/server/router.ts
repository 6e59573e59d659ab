import 'server-only'
import { compareRouter } from './routers/compare'
import { fewShotRouter } from './routers/few-shot'
import { pricesRouter } from './routers/prices'
import { reportsRouter } from './routers/reports'
import { runsRouter } from './routers/runs'
import { settingsRouter } from './routers/settings'
import { tracesRouter } from './routers/traces'
import { router } from './trpc'

export const appRouter = router({
  runs: runsRouter,
  traces: tracesRouter,
  compare: compareRouter,
  reports: reportsRouter,
  fewShot: fewShotRouter,
  prices: pricesRouter,
  settings: settingsRouter,
})
export type AppRouter = typeof appRouter
