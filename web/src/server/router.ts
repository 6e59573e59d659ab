import 'server-only'
import { compareRouter } from './routers/compare'
import { failuresRouter } from './routers/failures'
import { fewShotRouter } from './routers/few-shot'
import { sessionsRouter, usersRouter } from './routers/people'
import { pricesRouter } from './routers/prices'
import { reportsRouter } from './routers/reports'
import { retentionRouter } from './routers/retention'
import { runsRouter } from './routers/runs'
import { savedViewsRouter } from './routers/saved-views'
import { schedulesRouter } from './routers/schedules'
import { searchRouter } from './routers/search'
import { settingsRouter } from './routers/settings'
import { tracesRouter } from './routers/traces'
import { viewsRouter } from './routers/views'
import { router } from './trpc'

export const appRouter = router({
  runs: runsRouter,
  traces: tracesRouter,
  compare: compareRouter,
  views: viewsRouter,
  reports: reportsRouter,
  failures: failuresRouter,
  fewShot: fewShotRouter,
  prices: pricesRouter,
  search: searchRouter,
  settings: settingsRouter,
  sessions: sessionsRouter,
  users: usersRouter,
  schedules: schedulesRouter,
  retention: retentionRouter,
  savedViews: savedViewsRouter,
})
export type AppRouter = typeof appRouter
