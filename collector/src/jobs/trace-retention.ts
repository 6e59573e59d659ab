import { deleteOldTraces, hasOldTraces } from '@cairn/clickhouse'
import { listKeptTraceIds, listTraceRetention } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'

const DAY_MS = 86_400_000
/** A deletion rewrites months of all projects: a week's traces go at once, up to six days after their time. */
const MONDAY_MS = Date.parse('1970-01-05T00:00:00Z')
const WEEK_MS = 7 * DAY_MS
/** Runs older than their project keeps any, which are not at their end: more of them are looked at another time. */
const MOST_KEPT = 5_000

/** RFC 3339: what began before it is deleted. */
export const tracesKeptSince = (days: number, nowMs: number): string =>
  new Date(MONDAY_MS + Math.floor((nowMs - days * DAY_MS - MONDAY_MS) / WEEK_MS) * WEEK_MS).toISOString()

/**
 * Deletes traces that are older than their project keeps its runs, whether they belong to one or not. Those of runs that still wait, are
 * paused or go on stay. Not on a cluster, whose local tables are another's to look after.
 */
export async function deleteOldTracesOfAll({ pool, clickhouse, config, log }: CollectorContext, nowMs = Date.now()): Promise<void> {
  if (config.clickhouseCluster !== undefined) return
  for (const { projectId, days } of await listTraceRetention(pool)) {
    const before = tracesKeptSince(days, nowMs)
    const kept = await listKeptTraceIds(pool, projectId, before, MOST_KEPT + 1)
    if (kept.length > MOST_KEPT) {
      log.warn({ projectId }, 'old traces are kept for now: too many runs that are older than the project keeps any have not ended')
      continue
    }
    const old = { projectId, before, kept }
    if (!(await hasOldTraces(clickhouse, old))) continue
    await deleteOldTraces(clickhouse, old)
    log.info({ projectId, before }, 'traces whose time had come are being deleted')
  }
}
