import { crashRuns, type EndedWorker } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import type { Notifier } from '../runs/notifier.ts'
import { writeInterruptedSpans } from './interrupted-spans.ts'
import type { OpenSpans } from './open-spans.ts'

/**
 * Deals with what a dead worker held: its runs are crashed (due again where their policy says so), and the spans that were
 * in flight are written to their traces as interrupted. The worker is ended already, so this happens once.
 */
export async function buryWorker(
  parts: { ctx: CollectorContext; notifier: Notifier },
  worker: EndedWorker,
  openSpans: OpenSpans,
  how: string,
): Promise<void> {
  const { ctx, notifier } = parts
  const diedAtMs = Date.now()
  const place = worker.hostname === '' ? worker.id : `${worker.hostname} (process ${worker.pid})`
  const runs = await crashRuns(ctx.pool, {
    projectId: worker.projectId,
    workerId: worker.id,
    reason: `worker on ${place} is gone: ${how}`,
    stepsInFlight: openSpans.stepsInFlight(),
  })
  for (const run of runs) notifier.runChanged(run.id)
  if (runs.length > 0) notifier.statusChanged()
  ctx.log.warn({ workerId: worker.id, runs: runs.map((run) => run.id), how }, 'a worker is gone')

  // A span of a run that ended before the worker did is not cut off: its export was only late.
  const crashed = new Set(runs.map((run) => run.id))
  const spans = openSpans.all().filter((span) => crashed.has(span.runId))
  try {
    await writeInterruptedSpans(ctx, runs, spans, diedAtMs)
  } catch (error) {
    ctx.log.error({ err: error, workerId: worker.id }, 'interrupted spans could not be written')
  }
}
