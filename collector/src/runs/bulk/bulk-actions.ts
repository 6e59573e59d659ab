import {
  cancelBulkResume,
  createBulkResume,
  findBulkPromotion,
  findBulkResume,
  findPresentExamples,
  listBulkActions,
  listRuns,
  markBulkUndone,
  removeExamples,
  type ShownBulkResume,
} from '@cairn/prisma'
import type { BulkAction, StartBulkAction } from '@cairn/sdk/protocol'
import { v7 } from 'uuid'
import type { CollectorContext } from '../../context.ts'
import { CollectorError, notFound } from '../../errors.ts'
import { withoutNul } from '../../http/parse.ts'
import { findRunPage } from '../find-run-page.ts'
import { readQuery } from '../read-query.ts'
import { exampleIdOf } from './example-id.ts'

const MOST = 10_000
const PAGE = 1_000

/** Of runs by filter: `usual` those meant without saying a status, `possible` those meant where one is said. */
const STATUSES = {
  resume: { usual: ['failed', 'crashed', 'paused'], possible: ['failed', 'crashed', 'paused', 'cancelled'] },
  cancel: { usual: ['queued', 'running', 'waiting', 'paused'], possible: ['queued', 'running', 'waiting', 'paused', 'crashed', 'failed'] },
  promote: { usual: ['succeeded'], possible: ['succeeded'] },
} as const

/** Notes what is to be done to which runs. They are chosen now; one that changes before its turn is left alone. */
export async function startBulkAction(ctx: CollectorContext, projectId: string, request: StartBulkAction): Promise<BulkAction> {
  const { action, ids, set, perSecond, undoMs, actor, reason, ...filter } = request
  if (action === 'promote' && set === undefined)
    throw new CollectorError('invalid_request', 'body.set: say which few-shot set the runs are promoted into.')
  const runIds = ids === undefined ? await idsOf(ctx, projectId, { action, filter }) : await ownIds(ctx, projectId, ids)
  const id = v7()
  await createBulkResume(ctx.pool, {
    id,
    projectId,
    action,
    setName: action === 'promote' && set !== undefined ? withoutNul(set) : null,
    actor: actor === undefined ? null : withoutNul(actor),
    reason: reason === undefined ? null : withoutNul(reason),
    perSecond,
    undoMs,
    runIds,
  })
  return showBulkAction(ctx, projectId, id)
}

type Filter = Omit<StartBulkAction, 'action' | 'ids' | 'set' | 'perSecond' | 'undoMs' | 'actor' | 'reason'>

async function idsOf(
  ctx: CollectorContext,
  projectId: string,
  { action, filter }: { action: StartBulkAction['action']; filter: Filter },
): Promise<string[]> {
  const saysStatus =
    filter.status !== undefined || readQuery(filter.query, Date.now()).some((c) => c.type === 'text' && c.field === 'status' && !c.negated)
  const allowed: readonly string[] = STATUSES[action][saysStatus ? 'possible' : 'usual']
  const status = (filter.status ?? allowed).filter((one): one is NonNullable<Filter['status']>[number] => allowed.includes(one))
  const runIds: string[] = []
  let cursor: string | undefined
  do {
    const request = { filter: { ...filter, status, topLevel: true }, sort: 'started', order: 'desc', limit: PAGE, cursor } as const
    const { rows, nextCursor } = await findRunPage(ctx, projectId, request)
    runIds.push(...rows.map((row) => row.id))
    if (runIds.length > MOST)
      throw new CollectorError('invalid_request', `More than ${MOST} runs match: narrow the query, for instance by started:.`)
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
  return runIds
}

/** In the order they were named. */
async function ownIds(ctx: CollectorContext, projectId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await listRuns(ctx.pool, projectId, { ids }, { limit: MOST, after: null })
  const own = new Set(rows.map((row) => row.id))
  return [...new Set(ids)].filter((id) => own.has(id))
}

/** How far it is. @throws {CollectorError} `not_found` */
export const showBulkAction = async (ctx: CollectorContext, projectId: string, id: string): Promise<BulkAction> =>
  toBulkAction(await findBulkResume(ctx.pool, projectId, id), id)

export const showBulkActions = async (ctx: CollectorContext, projectId: string): Promise<BulkAction[]> =>
  (await listBulkActions(ctx.pool, projectId, 20)).map((row) => toBulkAction(row, row.id))

/** Leaves the rest alone: all of it, where nothing was touched yet. @throws {CollectorError} `not_found` */
export const stopBulkAction = async (ctx: CollectorContext, projectId: string, id: string): Promise<BulkAction> =>
  toBulkAction(await cancelBulkResume(ctx.pool, projectId, id), id)

/** Takes back what can be: examples that it made. @throws {CollectorError} `not_found`, `conflict` */
export async function undoBulk(ctx: CollectorContext, projectId: string, id: string): Promise<BulkAction> {
  const before = await showBulkAction(ctx, projectId, id)
  if (before.action !== 'promote')
    throw new CollectorError(
      'conflict',
      `What was ${before.action === 'resume' ? 'resumed' : 'cancelled'} can't be taken back; stop what is left.`,
    )
  if (before.undoneAt !== null) return before
  // What is being promoted now is waited for, and no more is. That it is undone is noted last: until then it can be asked for again.
  await cancelBulkResume(ctx.pool, projectId, id)
  const promotion = await findBulkPromotion(ctx.pool, projectId, id)
  if (promotion !== undefined) {
    const { setName: set, runIds, exampleIds } = promotion
    const made = [...new Set([...exampleIds, ...runIds.map((runId) => exampleIdOf(id, runId))])]
    const ids = await findPresentExamples(ctx.pool, { projectId, set, ids: made })
    if (ids.length > 0) await removeExamples(ctx.pool, { projectId, set, ids, ...(before.actor === null ? {} : { actor: before.actor }) })
  }
  await markBulkUndone(ctx.pool, projectId, id)
  return showBulkAction(ctx, projectId, id)
}

function toBulkAction(row: ShownBulkResume | undefined, id: string): BulkAction {
  if (row === undefined) throw notFound(`bulk action ${id}`)
  const { projectId: _projectId, setName, resumed, errors, ...shown } = row
  return { ...shown, set: setName, done: resumed, errors: JSON.parse(errors) }
}
