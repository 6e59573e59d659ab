import { deleteSchedule, listSchedules, pauseSchedule, putSchedule, type ScheduleRow } from '@cairn/prisma'
import { AskScheduleTimes, Name, PutSchedule, type RunId, type Schedule, type ScheduleTimes } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { parse, valueText, withoutNul } from '../http/parse.ts'
import { cronTimes } from './cron-times.ts'

const Path = z.object({ name: Name })
const nameOf = (params: unknown) => withoutNul(parse(Path, params, 'path').name)
const orNull = (text: string | undefined) => (text === undefined ? null : withoutNul(text))

/** Runs that begin by themselves: workers say theirs when they start, people theirs by hand. */
export function registerScheduleRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  const find = async (projectId: string, name: string): Promise<ScheduleRow> => {
    const [row] = await listSchedules(ctx.pool, projectId, name)
    if (row === undefined) throw notFound(`schedule ${name}`)
    return row
  }

  app.get('/api/v1/schedules', async (request) => ({ items: (await listSchedules(ctx.pool, projectOf(request))).map(toSchedule) }))

  app.get('/api/v1/schedules/:name', async (request) => toSchedule(await find(projectOf(request), nameOf(request.params))))

  app.get('/api/v1/schedule-times', async (request): Promise<ScheduleTimes> => {
    const { cron, timezone, count } = parse(AskScheduleTimes, request.query, 'query')
    return { cron, timezone, times: timesFrom({ cron, timezone }, count) }
  })

  app.put('/api/v1/schedules/:name', async (request, reply) => {
    const name = nameOf(request.params)
    const body = parse(PutSchedule, request.body, 'body')
    const { created, ...row } = await putSchedule(ctx.pool, {
      projectId: projectOf(request),
      name,
      agent: withoutNul(body.agent),
      version: orNull(body.version),
      cron: body.cron,
      timezone: body.timezone,
      input: valueText(body.input ?? null, 'body.input'),
      priority: body.priority ?? 0,
      concurrencyKey: orNull(body.concurrencyKey),
      rateLimitKey: orNull(body.rateLimitKey),
      catchUp: body.catchUp,
      nextAt: firstTime(body),
    })
    return reply.code(created ? 201 : 200).send(toSchedule(row))
  })

  app.delete('/api/v1/schedules/:name', async (request, reply) => {
    const name = nameOf(request.params)
    if (!(await deleteSchedule(ctx.pool, projectOf(request), name))) throw notFound(`schedule ${name}`)
    return reply.code(204).send()
  })

  for (const [verb, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    app.post(`/api/v1/schedules/:name/${verb}`, async (request) => {
      const projectId = projectOf(request)
      const before = await find(projectId, nameOf(request.params))
      if (before.paused === paused) return toSchedule(before)
      const row = await pauseSchedule(ctx.pool, { projectId, name: before.name, paused, nextAt: paused ? null : firstTime(before) })
      if (row === undefined) throw notFound(`schedule ${before.name}`)
      return toSchedule(row)
    })
  }
}

function firstTime({ cron, timezone }: Pick<PutSchedule, 'cron' | 'timezone'>): string {
  const next = cronTimes(cron, timezone).next(new Date())
  if (next === null) throw new CollectorError('invalid_request', `body.cron: "${cron}" has no time to come.`)
  return next.toISOString()
}

function timesFrom({ cron, timezone }: Pick<PutSchedule, 'cron' | 'timezone'>, count: number): string[] {
  const cronAt = cronTimes(cron, timezone)
  const times: string[] = []
  for (let at = cronAt.next(new Date()); at !== null && times.length < count; at = cronAt.next(at)) times.push(at.toISOString())
  return times
}

const toSchedule = ({ projectId: _, ...row }: ScheduleRow): Schedule => ({
  ...row,
  nextAt: row.paused ? null : row.nextAt,
  input: JSON.parse(row.input),
  lastRunId: row.lastRunId as RunId | null,
})
