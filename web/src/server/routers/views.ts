import { type LogLines, RunEvent, type RunState, type Span, SpanId, type SpanPart, TraceId, type Transcript } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector } from '../collector'
import { readEvents } from '../read-events'
import { procedure, router } from '../trpc'

const Path = z.object({ traceId: TraceId, spanId: SpanId })
/** Where a part lies: the collector is asked for it by an address, of which Node takes 16 KiB with the headers. */
const Pointer = z.string().refine((at) => encodeURIComponent(at).length <= 12_000, 'lies too deep to be loaded by itself')
/** Of each large part of a span, at first. */
const SPAN_CHARS = 60_000

/** What the views of a run show beside its waterfall. */
export const viewsRouter = router({
  span: procedure
    .input(Path)
    .query(({ input }) =>
      callCollector<Span>(`/api/v1/traces/${input.traceId}/spans/${input.spanId}`, { query: { maxChars: SPAN_CHARS } }),
    ),
  part: procedure
    .input(Path.extend({ at: Pointer, offset: z.number().int().nonnegative() }))
    .query(({ input: { traceId, spanId, at, offset } }) =>
      callCollector<SpanPart>(`/api/v1/traces/${traceId}/spans/${spanId}/part`, { query: { at, offset } }),
    ),
  transcript: procedure
    .input(z.object({ traceId: TraceId, spanId: SpanId.optional(), cursor: z.string().nullish() }))
    .query(({ input: { traceId, spanId, cursor } }) =>
      callCollector<Transcript>(`/api/v1/traces/${traceId}/transcript`, {
        query: { spanId, cursor: cursor ?? undefined, limit: 200, maxChars: 16_000 },
      }),
    ),
  state: procedure
    .input(z.object({ id: z.uuid(), step: z.string().optional() }))
    .query(({ input }) => callCollector<RunState>(`/api/v1/runs/${input.id}/state`, { query: { step: input.step } })),
  log: procedure.input(z.object({ id: z.uuid() })).query(({ input }) => callCollector<LogLines>(`/api/v1/runs/${input.id}/log`)),
  events: procedure
    .input(z.object({ id: z.uuid(), after: z.number().int().nonnegative() }))
    .query(async ({ input }) => (await readEvents(input.id, input.after)).map((event) => RunEvent.parse(event))),
})
