import { AskScheduleTimes, PutSchedule, type Schedule, type ScheduleTimes } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector } from '../collector'
import { command, procedure, router } from '../trpc'

const Name = z.object({ name: z.string().min(1).max(200) })
const path = (name: string) => `/api/v1/schedules/${encodeURIComponent(name)}`

export const schedulesRouter = router({
  list: procedure.query(async () => (await callCollector<{ items: Schedule[] }>('/api/v1/schedules')).items),
  times: procedure
    .input(AskScheduleTimes.extend({ count: z.number().int().min(1).max(20) }))
    .query(({ input }) => callCollector<ScheduleTimes>('/api/v1/schedule-times', { query: input })),
  /** One that was paused before it was deleted comes back paused. */
  put: command.input(Name.extend({ schedule: PutSchedule, paused: z.boolean().optional() })).mutation(async ({ input }) => {
    const stored = await callCollector<Schedule>(path(input.name), { method: 'PUT', body: input.schedule })
    return input.paused === true ? callCollector<Schedule>(`${path(input.name)}/pause`, { method: 'POST' }) : stored
  }),
  pause: command.input(Name).mutation(({ input }) => callCollector<Schedule>(`${path(input.name)}/pause`, { method: 'POST' })),
  resume: command.input(Name).mutation(({ input }) => callCollector<Schedule>(`${path(input.name)}/resume`, { method: 'POST' })),
  remove: command.input(Name).mutation(({ input }) => callCollector<null>(path(input.name), { method: 'DELETE' })),
})
