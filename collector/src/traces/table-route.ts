import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { getTraceColumns, getTraceSums } from '@cairn/clickhouse'
import { encodeSpanTable, type OpenSpan, SPAN_TABLE_TYPE } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { parse } from '../http/parse.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import type { FindOpenSpans } from './find-open-spans.ts'
import { TracePath } from './paths.ts'
import { toSpanTable } from './to-span-table.ts'

const MOST_SPANS = 500_000

/** The spans of a trace as a table of flat columns, in frames; 304 where none has changed. */
export function registerTableRoute(app: FastifyInstance, ctx: CollectorContext, findOpen: FindOpenSpans): void {
  app.get('/api/v1/traces/:traceId/table', { preHandler: () => settleSpans(ctx) }, async (request, reply) => {
    const { traceId } = parse(TracePath, request.params, 'path')
    const where = { projectId: projectOf(request), traceId }
    const begun = findOpen(where.projectId, traceId)
    const known = request.headers['if-none-match']
    // Who asks again mostly gets nothing new: the sums alone say so.
    const early = known === undefined ? undefined : await getTraceSums(ctx.clickhouse, where)
    if (early !== undefined && known === toTag(early.fingerprint, begun)) return reply.code(304).send()
    // First the sums: a span that comes between both is in the table then, and the next question has it anew. The other way round
    // the tag would promise what the table has not.
    const sums = early ?? (await getTraceSums(ctx.clickhouse, where))
    const { rows, columns } = await getTraceColumns(ctx.clickhouse, { ...where, limit: MOST_SPANS })
    const ended = begun.length === 0 ? new Set<bigint>() : new Set(columns.id)
    const open = begun.filter((span) => !ended.has(BigInt(`0x${span.spanId}`)))
    if (rows + open.length === 0) throw notFound(`trace ${traceId}`)
    const table = toSpanTable({ traceId, rows, columns, sums, open, truncated: rows === MOST_SPANS })
    return reply
      .header('etag', toTag(sums.fingerprint, begun))
      .type(SPAN_TABLE_TYPE)
      .send(Readable.from(encodeSpanTable(table)))
  })
}

const toTag = (fingerprint: string, open: readonly OpenSpan[]): string =>
  `"${createHash('sha256')
    .update(`${fingerprint} ${open.map((span) => span.spanId).join()}`)
    .digest('base64url')
    .slice(0, 22)}"`
