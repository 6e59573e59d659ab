import { findPriceChanges, getSpansToPrice, insertPriceChanges, repeatPriceChanges, rewriteSpans } from '@cairn/clickhouse'
import {
  type DueRepricing,
  endRepricing,
  inTransaction,
  lockDueRepricing,
  lockRepricing,
  moveRepricing,
  type PriceOverrideRow,
} from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import { isStoreAway } from '../http/error-answer.ts'
import { KEEP_PRICES_MS } from '../ingest/price/override-cache.ts'
import { PriceOverrides } from '../ingest/price/overrides.ts'
import { repriceSpan } from '../prices/reprice-span.ts'

/** Spans looked at in one go. */
const PAGE = 2_000
/** Writers have the new prices by then: what comes later needs no re-pricing. */
const BEGIN_AFTER_MS = KEEP_PRICES_MS + 1_000

interface Options {
  readonly pageSpans?: number
  readonly beginAfterMs?: number
  /** How long it goes on. */
  readonly turnMs?: number
}

type Context = Pick<CollectorContext, 'pool' | 'clickhouse' | 'log'>

/** A collector that stops waits for what it does: it must not be long. */
const TURN_MS = 2_000

/** Does the next pages of re-pricings that were asked for, one after another, for a while. */
export async function repriceSpans(ctx: Context, options: Options = {}): Promise<void> {
  const until = performance.now() + (options.turnMs ?? TURN_MS)
  while (performance.now() < until && (await step(ctx, options)));
}

/** Ends a re-pricing where it is: a page of which the changes are noted is done to its end, since the sums have them. */
export const cancelRepricing = ({ pool, clickhouse }: Context, projectId: string, id: string): Promise<void> =>
  inTransaction(pool, async (db) => {
    const job = await lockRepricing(db, projectId, id)
    if (job === undefined) return
    const noted = await findPriceChanges(clickhouse, pageOf(job))
    if (noted !== null) {
      await repeatPriceChanges(clickhouse, pageOf(job))
      await rewriteSpans(clickhouse, pageOf(job))
      await moveRepricing(db, { id, position: job.position ?? BEGIN, done: 0, ...noted })
    }
    await endRepricing(db, { projectId, id, status: 'cancelled', error: null })
  })

const BEGIN = { hour: 0, traceId: '', spanId: '' } as const
const pageOf = (job: DueRepricing) => ({ projectId: job.projectId, jobId: job.id, page: job.page })

const step = (ctx: Context, { pageSpans = PAGE, beginAfterMs = BEGIN_AFTER_MS }: Options): Promise<boolean> =>
  inTransaction(ctx.pool, async (db) => {
    const job = await lockDueRepricing(db, beginAfterMs)
    if (job === undefined) return false
    try {
      await moveRepricing(db, { id: job.id, ...(await doPage(ctx, job, pageSpans)) })
    } catch (error) {
      // Sums that have a page's changes want its spans too: such a page is tried again until it is done.
      if (isStoreAway(error) || (await findPriceChanges(ctx.clickhouse, pageOf(job))) !== null) throw error
      ctx.log.error({ err: error, repricing: job.id }, 're-pricing failed')
      await endRepricing(db, { projectId: job.projectId, id: job.id, status: 'failed', error: 'It failed; the collector’s log says why.' })
    }
    return true
  })

/**
 * The changes of a page are noted first, which corrects the sums, and then the spans are written again. After a crash in between the
 * page begins anew: what is noted already is not reckoned again but inserted again, which completes the sums, and spans written twice are
 * the same span.
 */
async function doPage({ clickhouse }: Context, job: DueRepricing, pageSpans: number) {
  const page = pageOf(job)
  const spans = await getSpansToPrice(clickhouse, job, job.position, pageSpans)
  const noted = await findPriceChanges(clickhouse, page)
  if (noted === null) {
    const overrides = new PriceOverrides(readOverrides(job.overrides))
    const changes = spans.flatMap((span) => repriceSpan(span, overrides, page) ?? [])
    await insertPriceChanges(clickhouse, changes)
  } else await repeatPriceChanges(clickhouse, page)
  const changed = noted ?? (await findPriceChanges(clickhouse, page))
  if (changed !== null) await rewriteSpans(clickhouse, page)
  const last = spans.at(-1)
  const position = last === undefined ? null : { hour: last.hour, traceId: last.traceId, spanId: last.spanId }
  return { position, done: spans.length, changed: changed?.changed ?? 0, costDelta: changed?.costDelta ?? '0' }
}

/** As they were stored with the job: times are text there. */
const readOverrides = (stored: unknown): PriceOverrideRow[] =>
  (stored as (Omit<PriceOverrideRow, 'validFrom'> & { validFrom: string })[]).map((price) => ({
    ...price,
    validFrom: new Date(price.validFrom),
  }))
