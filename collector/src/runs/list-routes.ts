import { Readable } from 'node:stream'
import { getRunFacets } from '@cairn/clickhouse'
import { ExportRuns, ListRuns, RunQueryFilter } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { projectOf } from '../auth/authenticate.ts'
import { parse } from '../http/parse.ts'
import { EXPORT_TYPES, exportRuns } from './export/export-runs.ts'
import { findRunPage, readFilter } from './find-run-page.ts'
import { toSummaries } from './load-runs.ts'
import { readQuery } from './read-query.ts'
import type { RunParts } from './routes.ts'

/** Runs by filter and query: the list, what it is made of, and all of it as a file. */
export function registerRunLists(app: FastifyInstance, { ctx }: Pick<RunParts, 'ctx'>): void {
  app.get('/api/v1/runs', async (request) => {
    const { limit, cursor, sort, order, ...filter } = parse(ListRuns, request.query, 'query')
    const { rows, nextCursor } = await findRunPage(ctx, projectOf(request), { filter, sort, order, limit, cursor })
    return { items: await toSummaries(ctx, projectOf(request), rows), nextCursor }
  })

  app.get('/api/v1/runs/facets', async (request) => {
    const filter = parse(RunQueryFilter, request.query, 'query')
    const { copies } = await readFilter(ctx, { projectId: projectOf(request), filter, now: new Date().toISOString() })
    return getRunFacets(ctx.clickhouse, copies)
  })

  app.get('/api/v1/runs/export', async (request, reply) => {
    const { format, sort, order, ...filter } = parse(ExportRuns, request.query, 'query')
    // Before the first byte: later a mistake could only cut the file off.
    readQuery(filter.query, Date.now())
    const chunks = exportRuns(ctx, projectOf(request), { filter, sort, order, format })
    return reply
      .type(EXPORT_TYPES[format])
      .header('content-disposition', `attachment; filename="runs-${new Date().toISOString().slice(0, 10)}.${format}"`)
      .send(Readable.from(chunks, { objectMode: false, highWaterMark: 1 }))
  })
}
