import { expireWorkers, listPendingControls, renewLeases } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import type { Notifier } from '../runs/notifier.ts'
import { crashAbandonedRuns } from '../workers/abandoned-runs.ts'
import { buryWorker } from '../workers/bury-worker.ts'
import type { WorkerHub } from '../workers/hub.ts'
import { LEASE_MS } from '../workers/lease.ts'

/** Renews the leases of the workers heard since last time, all in one statement, and buries those that ran out. */
export async function tendLeases(parts: { ctx: CollectorContext; notifier: Notifier; hub: WorkerHub }): Promise<void> {
  const { ctx, hub } = parts
  const heard = hub.takeHeard()
  if (heard.length > 0) {
    const alive = await renewLeases(ctx.pool, heard, LEASE_MS).catch((error: unknown) => {
      hub.hearAgain(heard)
      throw error
    })
    for (const workerId of heard) hub.noteRenewal(workerId, alive.has(workerId))
    // What was asked of a run at another collector reaches its worker here.
    for (const { workerId, runId, execution, control } of await listPendingControls(ctx.pool, heard))
      hub.command(workerId, { type: control, runId: runId as never, execution })
  }
  await crashAbandonedRuns(parts, heard)
  // Workers whose lease passed while the collector was away have one more to come back.
  if (performance.now() - hub.startedAtMs < LEASE_MS) return
  for (const worker of await expireWorkers(ctx.pool)) await buryWorker(parts, worker, hub.forget(worker.id), 'its lease ran out')
}
