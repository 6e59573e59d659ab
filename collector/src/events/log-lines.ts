import { getLogLines, type LogLine as LogRow } from '@cairn/clickhouse'
import { type LogLine, type LogLines, SpanId } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import type { CollectorContext } from '../context.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import { runOf } from '../runs/routes.ts'

const MOST_LINES = 5_000

/** What a run wrote by `run.log`: the SDK sends it as events of the spans it was written in. */
export function registerLogRoute(app: FastifyInstance, ctx: CollectorContext): void {
  app.get('/api/v1/runs/:id/log', { preHandler: () => settleSpans(ctx) }, async (request): Promise<LogLines> => {
    const { id: runId, projectId, traceId } = await runOf(ctx, request)
    const rows = await getLogLines(ctx.clickhouse, { projectId, traceId, runId, limit: MOST_LINES + 1 })
    return { items: rows.slice(0, MOST_LINES).map(toLine), truncated: rows.length > MOST_LINES }
  })
}

function toLine({ spanId, execution, event }: LogRow): LogLine {
  const { time, attributes } = JSON.parse(event) as { time: string; attributes: Record<string, unknown> }
  const { 'log.level': level, 'log.message': message, ...fields } = attributes
  return { at: time, execution, level: String(level ?? ''), message: String(message ?? ''), fields, spanId: SpanId.parse(spanId) }
}
