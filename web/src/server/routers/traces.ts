import { getTraceFacets, getTraceHead } from '@cairn/clickhouse'
import { type FoundInTrace, type Span, SpanId, TraceId, type TraceOutline, type TracePage } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector } from '../collector'
import { Hours, since } from '../since'
import { procedure, router } from '../trpc'

/** What there is to choose from is looked for in so much of the range. */
const FACET_HOURS = 168

const TraceFilter = z.object({
  q: z.string().optional(),
  service: z.string().optional(),
  environment: z.string().optional(),
  agent: z.string().optional(),
  model: z.string().optional(),
  kind: z.string().optional(),
  hasErrors: z.enum(['true', 'false']).optional(),
  runs: z.enum(['none']).optional(),
  sessionId: z.string().optional(),
  userId: z.string().optional(),
  minMs: z.number().min(0).optional(),
  maxMs: z.number().min(0).optional(),
  sort: z.enum(['duration', 'tokens', 'cost', 'errors', 'spans']).optional(),
})

export const tracesRouter = router({
  list: procedure
    .input(TraceFilter.extend({ hours: Hours, cursor: z.string().nullish() }))
    .query(({ input: { cursor, hours, ...query } }) =>
      callCollector<TracePage>('/api/v1/traces', {
        query: { ...query, from: since(hours).from, cursor: cursor ?? undefined, limit: 100 },
      }),
    ),
  facets: procedure
    .input(z.object({ hours: Hours }))
    .query(({ ctx, input }) => getTraceFacets(ctx.clickhouse, { projectId: ctx.project.id, ...since(Math.min(input.hours, FACET_HOURS)) })),
  head: procedure
    .input(z.object({ traceId: TraceId }))
    .query(({ ctx, input }) => getTraceHead(ctx.clickhouse, { projectId: ctx.project.id, traceId: input.traceId })),
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
