import { findRun, type RunRow } from '@cairn/prisma'
import { CompareRuns, CompareTraces, type Comparison, RunId, TraceId } from '@cairn/sdk/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../auth/authenticate.ts'
import type { CollectorContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { parse } from '../http/parse.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import { compare } from './compare.ts'
import { originsOf, relate } from './lineage.ts'
import { loadRun } from './load-run.ts'
import { loadTrace } from './load-trace.ts'
import { suggestRuns } from './suggest.ts'

const RunPath = z.object({ id: RunId })
const RunsPath = z.object({ id: RunId, otherId: RunId })
const TracesPath = z.object({ traceId: TraceId, otherId: TraceId })

export function registerCompareRoutes(app: FastifyInstance, ctx: CollectorContext): void {
  const settled = { preHandler: () => settleSpans(ctx) }
  const findOrThrow = async (projectId: string, id: string): Promise<RunRow> => {
    const run = await findRun(ctx.pool, projectId, id)
    if (run === undefined) throw notFound(`run ${id}`)
    return run
  }

  app.get('/api/v1/runs/:id/compare/:otherId', settled, async (request): Promise<Comparison> => {
    const { id, otherId } = parse(RunsPath, request.params, 'path')
    const { executionA, executionB, by, only, limit } = parse(CompareRuns, request.query, 'query')
    const projectId = projectOf(request)
    const [runA, runB] = await Promise.all([findOrThrow(projectId, id), findOrThrow(projectId, otherId)])
    const [a, b] = await Promise.all([descended(ctx, runA), descended(ctx, runB)])
    const relation = relate(a, b)
    const related = relation !== 'none'
    const [sideA, sideB] = await Promise.all([
      loadRun(ctx, { ...a, execution: executionA ?? null, by, related }),
      loadRun(ctx, { ...b, execution: executionB ?? null, by, related }),
    ])
    return compare(sideA, sideB, { by, relation, only, limit })
  })

  app.get('/api/v1/runs/:id/compare', async (request) => {
    const { id } = parse(RunPath, request.params, 'path')
    return { items: await suggestRuns(ctx, await findOrThrow(projectOf(request), id)) }
  })

  app.get('/api/v1/traces/:traceId/compare/:otherId', settled, async (request): Promise<Comparison> => {
    const { traceId, otherId } = parse(TracesPath, request.params, 'path')
    const { only, limit } = parse(CompareTraces, request.query, 'query')
    const projectId = projectOf(request)
    const [a, b] = await Promise.all([loadTrace(ctx, { projectId, traceId }), loadTrace(ctx, { projectId, traceId: otherId })])
    return compare(a, b, { by: 'span', relation: 'none', only, limit })
  })
}

const descended = async (ctx: CollectorContext, run: RunRow) => ({ run, origins: await originsOf(ctx, run) })
