import { expireWorkers, listPendingControls, renewLeases } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import type { Notifier } from '../runs/notifier.ts'
import { crashAbandonedRuns } from '../workers/abandoned-runs.ts'
import { buryWorker } from '../workers/bury-worker.ts'
import type { WorkerHub } from '../workers/hub.ts'
import { LEASE_MS } from '../workers/lease.ts'

interface Parts {
  readonly ctx: CollectorContext
  readonly notifier: Notifier
  readonly hub: WorkerHub
}

/** Renews the leases of the workers heard since last time, all in one statement. */
export async function renewHeard({ ctx, hub }: Omit<Parts, 'notifier'>): Promise<void> {
  const heard = hub.takeHeard()
  if (heard.length === 0) return
  const alive = await renewLeases(ctx.pool, heard, LEASE_MS).catch((error: unknown) => {
    hub.hearAgain(heard)
    throw error
  })
  for (const workerId of heard) hub.noteRenewal(workerId, alive.has(workerId))
  // What was asked of a run at another collector reaches its worker here.
  for (const { workerId, runId, execution, control } of await listPendingControls(ctx.pool, heard))
    hub.command(workerId, { type: control, runId: runId as never, execution })
}

/**
 * Crashes what was left behind, and buries the workers whose leases ran out. A job of its own: completing their traces takes as long as
 * ClickHouse does, and no living worker's lease may wait for that.
 */
export async function buryDead(parts: Parts): Promise<void> {
  const { ctx, hub } = parts
  await crashAbandonedRuns(parts, hub.takeReports())
  // Workers whose lease passed while the collector was away have one more to come back.
  if (performance.now() - hub.startedAtMs < LEASE_MS) return
  for (const worker of await expireWorkers(ctx.pool)) await buryWorker(parts, worker, hub.forget(worker.id), 'its lease ran out')
}
