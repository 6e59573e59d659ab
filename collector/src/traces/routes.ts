import { findInTrace, getSpanBodies, getSpanLogs, getTraceSpans, listTraces, type SpanLog, type TraceRow } from '@cairn/clickhouse'
import {
  FindInTrace,
  type FoundInTrace,
  ListTraces,
  ReadSpan,
  ReadSpanPart,
  type Span,
  SpanId,
  type SpanPart,
  type Trace,
  TraceId,
  type TraceOutline,
  type TracePage,
  type TraceSummary,
} from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { parse } from '../http/parse.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import { registerTranscriptRoute } from '../transcript/routes.ts'
import { readCursor, readOffset, writeCursor, writeOffset } from './cursor.ts'
import type { FindOpenSpans } from './find-open-spans.ts'
import { SpanPath, TracePath } from './paths.ts'
import { cutSpan, readSpanPart } from './span-part.ts'
import { sumSpans } from './sum-spans.ts'
import { registerTableRoute } from './table-route.ts'
import { toSpan, toSummary } from './to-span.ts'

/** Spans with their inputs and outputs in one answer; a larger trace is read by its summary and span by span. */
const MOST_WHOLE_SPANS = 20_000
const MOST_SPANS = 200_000
const MOST_FOUND = 10_000
const DAY_MS = 86_400_000

export function registerTraceRoutes(app: FastifyInstance, ctx: CollectorContext, findOpen: FindOpenSpans = () => []): void {
  const { clickhouse } = ctx
  const settled = { preHandler: () => settleSpans(ctx) }
  registerTableRoute(app, ctx, findOpen)
  app.get('/api/v1/traces', settled, async (request): Promise<TracePage> => {
    const { cursor, limit, runs, ...filter } = parse(ListTraces, request.query, 'query')
    const { sort } = filter
    const place = sort === undefined ? { before: readCursor(cursor) } : { before: null, offset: readOffset(cursor) }
    const from = filter.from ?? (sort === undefined ? undefined : new Date(Date.now() - DAY_MS).toISOString())
    const rows = await listTraces(clickhouse, {
      projectId: projectOf(request),
      ...filter,
      ...place,
      from,
      noRun: runs === 'none',
      limit: limit + 1,
    })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const next = last === undefined || sort === undefined ? last && writeCursor(last) : writeOffset((place.offset ?? 0) + limit)
    return { items: page.map(toTraceSummary), nextCursor: rows.length > limit ? (next ?? null) : null }
  })

  app.get('/api/v1/traces/:traceId', settled, async (request): Promise<Trace> => {
    const { traceId } = parse(TracePath, request.params, 'path')
    const where = { projectId: projectOf(request), traceId }
    const rows = await getTraceSpans(clickhouse, { ...where, limit: MOST_WHOLE_SPANS + 1 })
    if (rows.length === 0) throw notFound(`trace ${traceId}`)
    if (rows.length > MOST_WHOLE_SPANS)
      throw new CollectorError(
        'payload_too_large',
        `This trace has more than ${MOST_WHOLE_SPANS} spans. Read /api/v1/traces/${traceId}/summary, and spans one by one from /api/v1/traces/${traceId}/spans/{spanId}.`,
      )
    const [bodies, logs] = await Promise.all([getSpanBodies(clickhouse, where), getSpanLogs(clickhouse, where)])
    const logsBySpan = Map.groupBy(logs, (log) => log.spanId)
    return {
      traceId,
      ...sumSpans(rows.map(toSummary)),
      spans: rows.map((row) => toSpan(row, bodies.get(row.spanId), logsBySpan.get(row.spanId) ?? NO_LOGS)),
    }
  })

  app.get('/api/v1/traces/:traceId/summary', settled, async (request): Promise<TraceOutline> => {
    const { traceId } = parse(TracePath, request.params, 'path')
    const projectId = projectOf(request)
    const begun = findOpen(projectId, traceId)
    const rows = await getTraceSpans(clickhouse, { projectId, traceId, limit: MOST_SPANS })
    if (rows.length === 0 && begun.length === 0) throw notFound(`trace ${traceId}`)
    const spans = rows.map(toSummary)
    const ended = new Set(rows.map((row) => row.spanId))
    return { traceId, ...sumSpans(spans), spans, open: begun.filter((span) => !ended.has(span.spanId)) }
  })

  app.get('/api/v1/traces/:traceId/find', settled, async (request): Promise<FoundInTrace> => {
    const { traceId } = parse(TracePath, request.params, 'path')
    const { q } = parse(FindInTrace, request.query, 'query')
    const found = await findInTrace(clickhouse, { projectId: projectOf(request), traceId, q, limit: MOST_FOUND + 1 })
    return { spanIds: found.slice(0, MOST_FOUND).map((spanId) => SpanId.parse(spanId)), truncated: found.length > MOST_FOUND }
  })

  app.get('/api/v1/traces/:traceId/spans/:spanId', settled, async (request): Promise<Span> => {
    const { maxChars } = parse(ReadSpan, request.query, 'query')
    const span = await readSpan(ctx, projectOf(request), parse(SpanPath, request.params, 'path'))
    return maxChars === undefined ? span : cutSpan(span, maxChars)
  })

  app.get('/api/v1/traces/:traceId/spans/:spanId/part', settled, async (request): Promise<SpanPart> => {
    const query = parse(ReadSpanPart, request.query, 'query')
    return readSpanPart(await readSpan(ctx, projectOf(request), parse(SpanPath, request.params, 'path')), query)
  })

  registerTranscriptRoute(app, ctx)
}

async function readSpan({ clickhouse }: CollectorContext, projectId: string, path: z.infer<typeof SpanPath>): Promise<Span> {
  const where = { projectId, traceId: path.traceId }
  const [rows, bodies, logs] = await Promise.all([
    getTraceSpans(clickhouse, { ...where, spanId: path.spanId }),
    getSpanBodies(clickhouse, { ...where, spanIds: [path.spanId] }),
    getSpanLogs(clickhouse, where),
  ])
  const row = rows[0]
  if (row === undefined) throw notFound(`span ${path.spanId} in trace ${path.traceId}`)
  return toSpan(
    row,
    bodies.get(path.spanId),
    logs.filter((log) => log.spanId === path.spanId),
  )
}

const NO_LOGS: readonly SpanLog[] = []

function toTraceSummary(row: TraceRow): TraceSummary {
  return { ...row, traceId: TraceId.parse(row.traceId) }
}
