import { getContents, getSpanLinks, getSpanLogs, getTraceSpans, type SpanBody, type SpanLinks, toSpanBody } from '@cairn/clickhouse'
import { ReadTranscript, type Transcript } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { parse } from '../http/parse.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import { TracePath } from '../traces/paths.ts'
import { toSpan, toSummary } from '../traces/to-span.ts'
import { type Entry, outlineTranscript } from './outline.ts'
import { type PageBudget, toItem } from './to-item.ts'
import { Told } from './told.ts'
import { readToldBefore, recentCalls } from './told-before.ts'

const MOST_SPANS = 200_000
const PAGE_CHARS = 3_000_000
/** Ids go into the address of the request, which has a limit. */
const SPANS_A_QUESTION = 5_000
const WITH_TEXT = new Set<Entry['type']>(['call', 'tool', 'documents'])

export function registerTranscriptRoute(app: FastifyInstance, ctx: CollectorContext): void {
  const { clickhouse } = ctx
  app.get('/api/v1/traces/:traceId/transcript', { preHandler: () => settleSpans(ctx) }, async (request): Promise<Transcript> => {
    const { traceId } = parse(TracePath, request.params, 'path')
    const { cursor, limit, maxChars, spanId } = parse(ReadTranscript, request.query, 'query')
    const where = { projectId: projectOf(request), traceId }
    const rows = await getTraceSpans(clickhouse, { ...where, limit: MOST_SPANS })
    if (rows.length === 0) throw notFound(`trace ${traceId}`)
    const entries = outlineTranscript(rows.map(toSummary))
    const [from, to] = spanId === undefined ? pageOf(cursor, limit) : spanOf(entries, spanId)
    const page = entries.slice(from, to)
    const before = recentCalls(entries.slice(0, from), page)
    const spanIds = [...before, ...page.filter(({ type }) => WITH_TEXT.has(type))].map(({ span }) => span.spanId)
    const links = await readLinks(ctx, where, spanIds)
    const told = await readToldBefore(ctx, { projectId: where.projectId, before, page, links })
    const bodies = await readTexts(ctx, where.projectId, page, links)
    const rowsById = new Map(rows.map((row) => [row.spanId, row]))
    // Only emitters that send no attributes for their messages send them as log records.
    const needsLogs = page.some(({ type, span }) => type === 'call' && isEmpty(links.get(span.spanId)))
    const logs = Map.groupBy(needsLogs ? await getSpanLogs(clickhouse, where) : [], (log) => log.spanId)
    const budget: PageBudget = { maxChars, left: PAGE_CHARS }
    return {
      traceId,
      items: page.map((entry) => {
        const row = WITH_TEXT.has(entry.type) ? rowsById.get(entry.span.spanId) : undefined
        const span = row && toSpan(row, bodies.get(row.spanId), logs.get(row.spanId) ?? [])
        const systemHash = links.get(entry.span.spanId)?.systemHash ?? ''
        return toItem(entry, { span, systemHash }, told.get(entry.conversation) ?? new Told(), budget)
      }),
      total: entries.length,
      nextCursor: spanId === undefined && to < entries.length ? String(to) : null,
    }
  })
}

function pageOf(cursor: string | undefined, limit: number): [number, number] {
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor))
    throw new CollectorError('invalid_request', "query.cursor: isn't one that this API gave. Leave it out for the first page.")
  const from = Number(cursor ?? 0)
  return [from, from + limit]
}

/** @throws {CollectorError} `not_found` where the span tells nothing */
function spanOf(entries: readonly Entry[], spanId: string): [number, number] {
  const at = entries.findIndex((entry) => entry.span.spanId === spanId)
  if (at === -1) throw notFound(`span ${spanId} in the transcript`)
  return [at, at + 1]
}

async function readLinks(ctx: CollectorContext, where: { projectId: string; traceId: string }, spanIds: readonly string[]) {
  const links = new Map<string, SpanLinks>()
  for (let at = 0; at < spanIds.length; at += SPANS_A_QUESTION)
    for (const link of await getSpanLinks(ctx.clickhouse, { ...where, spanIds: spanIds.slice(at, at + SPANS_A_QUESTION) }))
      links.set(link.spanId, link)
  return links
}

const isEmpty = (link: SpanLinks | undefined) => link === undefined || (link.inputForm === '' && link.outputForm === '')

/** Inputs, outputs and instructions of a page's spans, as what reads a span takes them. */
async function readTexts(ctx: CollectorContext, projectId: string, page: readonly Entry[], links: ReadonlyMap<string, SpanLinks>) {
  const shown = page.flatMap(({ span }) => links.get(span.spanId) ?? [])
  const hashes = shown.flatMap((link) => [...link.inputHashes, ...link.outputHashes, link.systemHash].filter((hash) => hash !== ''))
  const texts = await getContents(ctx.clickhouse, { projectId, scopeIds: shown.map((link) => link.scopeId), hashes })
  return new Map(shown.map((link): [string, SpanBody] => [link.spanId, toSpanBody(link, undefined, texts)]))
}
