import { listDueAgents } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import type { Notifier } from '../runs/notifier.ts'

/** Announces runs whose time has come: a start in the future, a takeover after its backoff, one queued at another collector. */
export async function announceDueRuns({ ctx, notifier }: { ctx: CollectorContext; notifier: Notifier }): Promise<void> {
  for (const { projectId, agent } of await listDueAgents(ctx.pool)) notifier.workReady(projectId, agent)
}
