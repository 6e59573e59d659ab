import { cancelBulkResume, createBulkResume, findBulkResume, listRuns } from '@cairn/prisma'
import { type BulkResume, RESUMABLE_STATUSES, type ResumeRuns } from '@cairn/sdk/protocol'
import { v7 } from 'uuid'
import type { CollectorContext } from '../context.ts'
import { CollectorError, notFound } from '../errors.ts'
import { withoutNul } from '../http/parse.ts'

const MOST = 10_000
const WANTED = ['failed', 'crashed', 'paused']

type Row = NonNullable<Awaited<ReturnType<typeof findBulkResume>>>

/**
 * Notes every resumable run of a filter, to be resumed one after another. The runs are chosen now; one that changes before its turn
 * is left alone.
 */
export async function resumeMany(ctx: CollectorContext, projectId: string, request: ResumeRuns): Promise<{ id: string; matched: number }> {
  const { perSecond, actor, reason, ...filter } = request
  const wanted = filter.status?.filter((status) => (RESUMABLE_STATUSES as readonly string[]).includes(status)) ?? WANTED
  const rows = await listRuns(ctx.pool, projectId, { ...filter, status: wanted, topLevel: true }, { limit: MOST + 1, after: null })
  if (rows.length > MOST)
    throw new CollectorError('invalid_request', `More than ${MOST} runs match: narrow the filter, for instance by from and to.`)
  const id = v7()
  await createBulkResume(ctx.pool, {
    id,
    projectId,
    actor: actor === undefined ? null : withoutNul(actor),
    reason: reason === undefined ? null : withoutNul(reason),
    perSecond,
    runIds: rows.map((row) => row.id),
  })
  return { id, matched: rows.length }
}

/** How far it is. @throws {CollectorError} `not_found` */
export const showBulkResume = async (ctx: CollectorContext, projectId: string, id: string): Promise<BulkResume> =>
  toBulkResume(await findBulkResume(ctx.pool, projectId, id), id)

/** Leaves the rest alone. @throws {CollectorError} `not_found` */
export const stopBulkResume = async (ctx: CollectorContext, projectId: string, id: string): Promise<BulkResume> =>
  toBulkResume(await cancelBulkResume(ctx.pool, projectId, id), id)

function toBulkResume(row: Row | undefined, id: string): BulkResume {
  if (row === undefined) throw notFound(`bulk resume ${id}`)
  const { actor, reason, perSecond, matched, resumed, skipped, failed, errors, createdAt, endedAt, outcomes } = row
  return { id, actor, reason, perSecond, matched, resumed, skipped, failed, errors: JSON.parse(errors), createdAt, endedAt, outcomes }
}
