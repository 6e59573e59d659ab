import { type Price, PutPrice, type Repricing, StartRepricing, type UnpricedModel } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector } from '../collector'
import { command, procedure, router } from '../trpc'

const Id = z.object({ id: z.uuid() })
const PATH = '/api/v1/prices'

export const pricesRouter = router({
  list: procedure.query(async () => (await callCollector<{ items: Price[] }>(PATH)).items),
  unpriced: procedure.query(async () => (await callCollector<{ items: UnpricedModel[] }>(`${PATH}/unpriced`)).items),
  set: command.input(PutPrice).mutation(({ input }) => callCollector<Price>(PATH, { method: 'POST', body: input })),
  remove: command.input(Id).mutation(({ input }) => callCollector<null>(`${PATH}/${input.id}`, { method: 'DELETE' })),
  repricings: procedure.query(async () => (await callCollector<{ items: Repricing[] }>(`${PATH}/reprice`)).items),
  reprice: command
    .input(StartRepricing)
    .mutation(({ input }) => callCollector<Repricing>(`${PATH}/reprice`, { method: 'POST', body: input })),
  cancel: command.input(Id).mutation(({ input }) => callCollector<Repricing>(`${PATH}/reprice/${input.id}/cancel`, { method: 'POST' })),
})
