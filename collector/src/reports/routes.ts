import { ReportName, ReportQuery } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { parse } from '../http/parse.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import { runReport } from './run-report.ts'
import { toCsv } from './to-csv.ts'

const ReportPath = z.object({ report: ReportName })

export function registerReportRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  app.get('/api/v1/reports/:report', { preHandler: () => settleSpans(ctx) }, async (request, reply) => {
    const { report: name } = parse(ReportPath, request.params, 'path')
    const query = parse(ReportQuery, request.query, 'query')
    const report = await runReport(ctx.clickhouse, projectOf(request), name, query)
    if (query.format === 'json') return report
    const file = `cairn-${name}-${report.to.slice(0, 10)}.csv`
    return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${file}"`).send(toCsv(report))
  })
}
