import { randomBytes } from 'node:crypto'
import { createRun, ensureWorker, findRun, findRunByKey, type RunRow } from '@cairn/prisma'
import type { CreateRun } from '@cairn/sdk/protocol'
import { v7 } from 'uuid'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { withoutNul } from '../http/parse.ts'
import { LEASE_MS } from '../workers/lease.ts'
import { storeValue } from './value-store.ts'

export interface StartedRun {
  readonly run: RunRow
  /** False: the idempotency key was used before, and this is the first run. */
  readonly created: boolean
}

/** A child is made once for each step of its parent, however often the parent asks. */
const childKey = (parent: NonNullable<CreateRun['parent']>) => `child:${parent.runId}:${parent.stepKey}`

export async function startRun(ctx: CollectorContext, projectId: string, request: CreateRun): Promise<StartedRun> {
  const idempotencyKey = request.parent ? childKey(request.parent) : (request.idempotencyKey ?? null)
  const parent = request.parent ? await findParent(ctx, projectId, request.parent) : undefined
  const claim = request.claim
  if (claim) await leaseWorker(ctx, projectId, claim.workerId)
  const input = await storeValue(ctx.pool, projectId, request.input ?? null, 'body.input')
  const run = await createRun(ctx.pool, {
    id: claim ? (request.id ?? v7()) : v7(),
    projectId,
    traceId: parent?.traceId ?? (claim ? request.traceId : undefined) ?? randomBytes(16).toString('hex'),
    agent: withoutNul(request.agent),
    version: claim?.version ?? request.version ?? null,
    input: input.text,
    inputBlob: input.blob,
    metadata: JSON.stringify(request.metadata ?? {}),
    sessionId: request.sessionId ?? parent?.sessionId ?? null,
    userId: request.userId ?? parent?.userId ?? null,
    tags: (request.tags ?? []).map(withoutNul),
    idempotencyKey: idempotencyKey === null ? null : withoutNul(idempotencyKey),
    runAt: request.runAt ?? null,
    priority: request.priority ?? 0,
    concurrencyKey: request.concurrencyKey === undefined ? null : withoutNul(request.concurrencyKey),
    rateLimitKey: request.rateLimitKey === undefined ? null : withoutNul(request.rateLimitKey),
    parent: request.parent ? { runId: request.parent.runId, stepKey: request.parent.stepKey, spanId: request.parent.spanId ?? null } : null,
    forkedFrom: null,
    claim: claim
      ? { workerId: claim.workerId, codeRevision: claim.codeRevision ?? null, recovery: claim.recovery ?? null, steps: claim.steps ?? null }
      : null,
  })
  if (run !== undefined) return { run, created: true }
  // The key was used before.
  const first = idempotencyKey === null ? undefined : await findRunByKey(ctx.pool, projectId, withoutNul(idempotencyKey))
  if (first === undefined) throw new CollectorError('internal', 'The run could not be stored.')
  return { run: first, created: false }
}

async function findParent(ctx: CollectorContext, projectId: string, parent: NonNullable<CreateRun['parent']>): Promise<RunRow> {
  const row = await findRun(ctx.pool, projectId, parent.runId)
  if (row === undefined) throw notFound(`run ${parent.runId} (body.parent.runId)`)
  if (row.execution !== parent.execution || row.status !== 'running')
    throw new CollectorError(
      'stale_execution',
      `The parent is ${row.status} in execution ${row.execution}, not in ${parent.execution}: stop here.`,
    )
  return row
}

/** A worker that holds runs has a lease from the first one on, so that its death is seen. */
export async function leaseWorker(ctx: CollectorContext, projectId: string, workerId: string): Promise<void> {
  const alive = await ensureWorker(ctx.pool, { id: workerId, projectId, agents: '[]', leaseMs: LEASE_MS })
  if (!alive)
    throw new CollectorError(
      'stale_execution',
      `Worker ${workerId} was taken for dead, or is of another project. Start again with a new worker id.`,
    )
}
