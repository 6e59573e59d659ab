import { getOverview, getRunSeries } from '@cairn/clickhouse'
import { type Report, ReportDimension, ReportName } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector } from '../collector'
import { Hours, since } from '../since'
import { procedure, router } from '../trpc'

const Range = z.object({ hours: Hours })

export const reportsRouter = router({
  overview: procedure
    .input(Range)
    .query(({ ctx, input }) => getOverview(ctx.clickhouse, { projectId: ctx.project.id, ...since(input.hours) })),
  /** The same numbers of the time before, as long. */
  overviewBefore: procedure.input(Range).query(({ ctx, input }) => {
    const { from } = since(input.hours)
    return getOverview(ctx.clickhouse, { projectId: ctx.project.id, from: since(input.hours * 2).from, to: from })
  }),
  runSeries: procedure
    .input(Range)
    .query(({ ctx, input }) => getRunSeries(ctx.clickhouse, { projectId: ctx.project.id, ...since(input.hours), buckets: 48 })),
  report: procedure
    .input(Range.extend({ report: ReportName, groupBy: z.array(ReportDimension).min(1).max(3), filter: z.string().max(1_000).optional() }))
    .query(({ input }) =>
      callCollector<Report>(`/api/v1/reports/${input.report}`, {
        query: { groupBy: input.groupBy.join(','), filter: input.filter, ...since(input.hours) },
      }),
    ),
})
