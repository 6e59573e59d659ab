import { Retention, type RetentionPreview } from '@cairn/sdk/protocol'
import { callCollector } from '../collector'
import { command, procedure, router } from '../trpc'

const PATH = '/api/v1/retention'

export const retentionRouter = router({
  get: procedure.query(() => callCollector<Retention>(PATH)),
  preview: procedure.input(Retention).query(({ input }) => callCollector<RetentionPreview>(`${PATH}/preview`, { query: input })),
  set: command.input(Retention).mutation(({ input }) => callCollector<Retention>(PATH, { method: 'PUT', body: input })),
})
