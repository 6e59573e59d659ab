import {
  ACTIVITY_SORTS,
  type ActivityRow,
  getSessionTexts,
  getSessionTurns,
  listActivity,
  listTopFailures,
  MOST_TURNS,
} from '@cairn/clickhouse'
import { getSessionRecord, listSessionMessages } from '@cairn/prisma'
import { z } from 'zod'
import { Hours, since } from '../since'
import { procedure, router } from '../trpc'

const PAGE = 100
/** Postgres has no NUL in a text: an id with one is nobody's. */
const Id = z
  .string()
  .min(1)
  .max(1_000)
  .refine((id) => !id.includes('\0'), 'must not hold the character NUL')
const List = z.object({
  hours: Hours,
  q: z.string().max(500).optional(),
  userId: Id.optional(),
  sort: z.enum(ACTIVITY_SORTS as [(typeof ACTIVITY_SORTS)[number]]),
  descending: z.boolean(),
  cursor: z.number().int().min(0).max(10_000_000).nullish(),
})
const Hash = z.string().regex(/^[0-9a-f]{32}$/)

/** What is one session's or user's is shown whole. */
const ALL = { from: '2000-01-01T00:00:00Z' }

interface ActivityPage {
  readonly items: ActivityRow[]
  readonly total: number
  readonly nextCursor: number | null
}

const list = (by: 'session' | 'user') =>
  procedure.input(List).query(async ({ ctx, input: { hours, cursor, ...rest } }): Promise<ActivityPage> => {
    const offset = cursor ?? 0
    const page = { projectId: ctx.project.id, by, ...since(hours), ...rest, limit: PAGE, offset }
    const { rows, total } = await listActivity(ctx.clickhouse, page)
    return { items: rows, total, nextCursor: offset + rows.length < total && rows.length > 0 ? offset + rows.length : null }
  })

const one = (by: 'session' | 'user') =>
  procedure.input(z.object({ id: Id, hours: Hours.optional() })).query(async ({ ctx, input }): Promise<ActivityRow | null> => {
    const range = input.hours === undefined ? { ...ALL, to: new Date().toISOString() } : since(input.hours)
    const { rows } = await listActivity(ctx.clickhouse, {
      projectId: ctx.project.id,
      by,
      ...range,
      id: input.id,
      sort: 'lastSeen',
      descending: true,
      limit: 1,
      offset: 0,
    })
    return rows[0] ?? null
  })

export const sessionsRouter = router({
  list: list('session'),
  get: one('session'),
  turns: procedure.input(z.object({ id: Id })).query(async ({ ctx, input }) => ({
    ...(await getSessionTurns(ctx.clickhouse, { projectId: ctx.project.id, sessionId: input.id })),
    most: MOST_TURNS,
  })),
  texts: procedure
    .input(z.object({ scopeIds: z.array(Id).max(50), hashes: z.array(Hash).max(1_000) }))
    .query(({ ctx, input }) => getSessionTexts(ctx.clickhouse, { projectId: ctx.project.id, ...input })),
  record: procedure
    .input(z.object({ id: Id }))
    .query(async ({ ctx, input }) => (await getSessionRecord(ctx.pool, { projectId: ctx.project.id, id: input.id })) ?? null),
  messages: procedure.input(z.object({ id: Id, cursor: z.number().int().min(0).nullish() })).query(async ({ ctx, input }) => {
    const before = input.cursor ?? 2 ** 31 - 1
    const items = await listSessionMessages(ctx.pool, { projectId: ctx.project.id, id: input.id, before, limit: PAGE })
    const first = items[0]?.position ?? 0
    return { items, nextCursor: first > 0 ? first : null }
  }),
})

export const usersRouter = router({
  list: list('user'),
  get: one('user'),
  failures: procedure
    .input(z.object({ id: Id, hours: Hours }))
    .query(({ ctx, input }) =>
      listTopFailures(ctx.clickhouse, { projectId: ctx.project.id, userId: input.id, ...since(input.hours), limit: 20 }),
    ),
})
