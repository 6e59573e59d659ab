import { findRun, type RunRow, requestControl } from '@cairn/prisma'
import type { RunId } from '@cairn/sdk/protocol'
import { CollectorError, notFound } from '../errors.ts'
import { withoutNul } from '../http/parse.ts'
import type { RunParts } from './routes.ts'

interface Request {
  readonly projectId: string
  readonly runId: string
  readonly control: 'cancel' | 'pause'
  readonly actor: string | undefined
  readonly reason: string | undefined
}

/**
 * Asks a run to pause or cancel, and tells its worker.
 * @throws {CollectorError} `not_found`; `conflict`, if there is nothing to do
 */
export async function controlRun(
  { ctx, hub, notifier }: Pick<RunParts, 'ctx' | 'hub' | 'notifier'>,
  { projectId, runId, control, actor, reason }: Request,
): Promise<RunRow> {
  const run = await requestControl(ctx.pool, {
    projectId,
    runId,
    control,
    actor: actor === undefined ? null : withoutNul(actor),
    reason: reason === undefined ? null : withoutNul(reason),
  })
  if (run === undefined) {
    const now = await findRun(ctx.pool, projectId, runId)
    if (now === undefined) throw notFound(`run ${runId}`)
    throw new CollectorError('conflict', `The run is ${now.status}: there is nothing to ${control}.`, { details: { status: now.status } })
  }
  if (run.workerId !== null) hub.command(run.workerId, { type: control, runId: run.id as RunId, execution: run.execution })
  notifier.runChanged(run.id)
  notifier.statusChanged()
  return run
}
