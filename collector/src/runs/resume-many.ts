import { listRuns } from '@cairn/prisma'
import { RESUMABLE_STATUSES, type ResumeRuns } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { CollectorError } from '../errors.ts'
import type { Notifier } from './notifier.ts'
import { resume } from './resume.ts'

const MOST = 10_000

/**
 * Resumes every resumable run of a filter, spread over time. The runs are chosen now; a run that changes before its turn
 * is left alone. The work lives in this process: what a restart cuts off is resumable as before.
 */
export async function resumeMany(
  { ctx, notifier }: { ctx: CollectorContext; notifier: Notifier },
  projectId: string,
  request: ResumeRuns,
): Promise<number> {
  const { perSecond, actor, reason, ...filter } = request
  const wanted = filter.status?.filter((status) => (RESUMABLE_STATUSES as readonly string[]).includes(status)) ?? [
    'failed',
    'crashed',
    'paused',
  ]
  const rows = await listRuns(ctx.pool, projectId, { ...filter, status: wanted, topLevel: true }, { limit: MOST + 1, after: null })
  if (rows.length > MOST)
    throw new CollectorError('invalid_request', `More than ${MOST} runs match: narrow the filter, for instance by from and to.`)
  void (async () => {
    for (const row of rows) {
      try {
        const run = await resume(ctx, projectId, row.id, {
          ...(actor === undefined ? {} : { actor }),
          ...(reason === undefined ? {} : { reason }),
        })
        notifier.workReady(run.projectId, run.agent)
        notifier.runChanged(run.id)
        notifier.statusChanged()
      } catch (error) {
        if (!(error instanceof CollectorError)) ctx.log.warn({ err: error, runId: row.id }, 'bulk resume: a run was not resumed')
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond))
    }
  })()
  return rows.length
}
