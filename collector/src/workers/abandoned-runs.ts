import { findAbandonedRuns } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import type { Notifier } from '../runs/notifier.ts'
import { crashHeldRuns } from './bury-worker.ts'
import type { WorkerHub, WorkerReport } from './hub.ts'
import { LEASE_MS } from './lease.ts'

/**
 * A run must not be left behind: in a worker that lives but doesn't know of it (the answer to its claim was lost on the way, or it
 * gave the run up because its outcome could not be reported), or in one that has ended (its claim was stored after its burial, or
 * the collector that buried it died over that). It is crashed, and its recovery policy says what then.
 */
export async function crashAbandonedRuns(
  parts: { ctx: CollectorContext; notifier: Notifier; hub: WorkerHub },
  reports: readonly WorkerReport[],
): Promise<void> {
  const { ctx, hub } = parts
  const abandoned = await findAbandonedRuns(ctx.pool, {
    workerIds: reports.map(({ workerId }) => workerId),
    held: reports.flatMap(({ held }) => held),
    olderThanMs: LEASE_MS,
  })
  for (const [workerId, runs] of Map.groupBy(abandoned, (run) => run.workerId)) {
    const [first] = runs
    if (first === undefined) continue
    const crashed = await crashHeldRuns(parts, {
      projectId: first.projectId,
      workerId,
      runIds: runs.map((run) => run.runId),
      reason: first.workerEnded ? `worker ${workerId} is gone` : `worker ${workerId} lives, but does not hold the run any more`,
      openSpans: hub.openSpansOf(workerId),
    })
    if (crashed.length > 0) ctx.log.warn({ workerId, runs: crashed, ended: first.workerEnded }, 'runs were left behind in a worker')
  }
}
