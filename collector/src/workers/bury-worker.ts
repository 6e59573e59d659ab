import { crashRuns, type EndedWorker, listHeldRuns, type WorkerDeath } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import { groupingOf } from '../failures/grouping-cache.ts'
import { fingerprintError } from '../ingest/map/error-group.ts'
import type { Notifier } from '../runs/notifier.ts'
import { writeInterruptedSpans } from './interrupted-spans.ts'
import type { OpenSpans } from './open-spans.ts'

interface Parts {
  readonly ctx: CollectorContext
  readonly notifier: Notifier
}

/**
 * Deals with what a dead worker held: its runs are crashed (due again where their policy says so), and the spans that were
 * in flight are written to their traces as interrupted. The worker is ended already, so this happens once.
 */
export async function buryWorker(parts: Parts, worker: EndedWorker, openSpans: OpenSpans, how: string): Promise<void> {
  const place = worker.hostname === '' ? worker.id : `${worker.hostname} (process ${worker.pid})`
  const runs = await crashHeldRuns(parts, {
    projectId: worker.projectId,
    workerId: worker.id,
    reason: `worker on ${place} is gone: ${how}`,
    openSpans,
  })
  parts.ctx.log.warn({ workerId: worker.id, runs, how }, 'a worker is gone')
}

interface HeldRuns {
  readonly projectId: string
  readonly workerId: string
  readonly reason: string
  readonly openSpans: OpenSpans
  /** Only these of its runs; all where it is left out. */
  readonly runIds?: readonly string[]
}

/** Crashes runs of a worker that executes them no more, and completes their traces. Gives their ids. */
export async function crashHeldRuns({ ctx, notifier }: Parts, { openSpans, ...death }: HeldRuns): Promise<string[]> {
  const diedAtMs = Date.now()
  const stepsInFlight = openSpans.stepsInFlight()
  const errorGroups = await groupCrashes(ctx, { ...death, stepsInFlight })
  const runs = await crashRuns(ctx.pool, { ...death, stepsInFlight, errorGroups })
  for (const run of runs) {
    notifier.runChanged(run.id)
    notifier.runEnded(run.projectId, run.agent)
  }
  if (runs.length > 0) notifier.statusChanged()

  // A span of a run that ended before the worker did is not cut off: its export was only late.
  const crashed = new Set(runs.map((run) => run.id))
  const spans = openSpans.all().filter((span) => crashed.has(span.runId))
  try {
    await writeInterruptedSpans(ctx, runs, spans, diedAtMs)
  } catch (error) {
    ctx.log.error({ err: error, workerId: death.workerId }, 'interrupted spans could not be written')
  }
  return runs.map((run) => run.id)
}

/** Crashes of one agent over one step are of one cause, on whichever machine. */
async function groupCrashes(ctx: CollectorContext, death: Omit<WorkerDeath, 'errorGroups'>): Promise<ReadonlyMap<string, string>> {
  const [runs, rules] = await Promise.all([listHeldRuns(ctx.pool, death), groupingOf(ctx, death.projectId)])
  return new Map(runs.map(({ id, ...cause }) => [id, fingerprintError({ type: 'WorkerLost', ...cause }, rules)]))
}
