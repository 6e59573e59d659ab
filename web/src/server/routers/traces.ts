import { type FoundInTrace, type Span, SpanId, TraceId, type TraceOutline, type TracePage } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector } from '../collector'
import { procedure, router } from '../trpc'

export const tracesRouter = router({
  list: procedure
    .input(z.object({ q: z.string().optional(), status: z.enum(['error']).optional(), cursor: z.string().nullish() }))
    .query(({ input: { cursor, ...query } }) =>
      callCollector<TracePage>('/api/v1/traces', { query: { ...query, cursor: cursor ?? undefined, limit: 50 } }),
    ),
  summary: procedure.input(z.object({ traceId: TraceId })).query(async ({ input }) => {
    try {
      return await callCollector<TraceOutline>(`/api/v1/traces/${input.traceId}/summary`)
    } catch (error) {
      // A run that has just begun has no span yet.
      if (error instanceof Error && 'code' in error && error.code === 'NOT_FOUND') return null
      throw error
    }
  }),
  find: procedure
    .input(z.object({ traceId: TraceId, q: z.string().min(1).max(1_000) }))
    .query(({ input }) => callCollector<FoundInTrace>(`/api/v1/traces/${input.traceId}/find`, { query: { q: input.q } })),
  span: procedure
    .input(z.object({ traceId: TraceId, spanId: SpanId }))
    .query(({ input }) => callCollector<Span>(`/api/v1/traces/${input.traceId}/spans/${input.spanId}`)),
})
