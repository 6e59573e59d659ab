import { findRunIds, type RunCopyFilter, type RunSort } from '@cairn/clickhouse'
import { isRunRowField, listRuns, type RunListFilter, type RunRow, type RunRowCondition } from '@cairn/prisma'
import type { RunCondition, RunQueryFilter } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { MergedGroups } from '../failures/merged-groups.ts'
import { settleSpans } from '../ingest/write-spans.ts'
import { readCursor, readSortedCursor, writeCursor, writeSortedCursor } from './cursor.ts'
import { filterConditions, readQuery } from './read-query.ts'

export interface RunPageRequest {
  readonly filter: RunQueryFilter
  readonly sort: RunSort
  readonly order: 'asc' | 'desc'
  readonly limit: number
  readonly cursor: string | undefined
}

interface RowPage {
  readonly rows: RunRow[]
  readonly nextCursor: string | null
}

/** A filter and its query, for both stores. A failure group stands for all that were merged into it. */
export async function readFilter(
  ctx: CollectorContext,
  { projectId, filter, now }: { projectId: string; filter: RunQueryFilter; now: string },
): Promise<{ rows: RunListFilter; copies: RunCopyFilter }> {
  const { query, ...plain } = filter
  const read = readQuery(query, Date.parse(now))
  const own = filterConditions(filter)
  const groups = [...own, ...read].some((condition) => condition.type === 'text' && condition.field === 'group')
    ? await MergedGroups.of(ctx, projectId)
    : undefined
  const conditions = read.map((condition) => withMerged(condition, groups))
  return {
    rows: { ...plain, conditions: conditions.filter(isOfRow) },
    copies: {
      projectId,
      now,
      conditions: [...own.map((condition) => withMerged(condition, groups)), ...conditions],
      parentRunId: filter.parentRunId,
      topLevel: filter.topLevel,
    },
  }
}

function withMerged(condition: RunCondition, groups: MergedGroups | undefined): RunCondition {
  if (condition.type !== 'text' || condition.field !== 'group' || groups === undefined) return condition
  return { ...condition, values: groups.withBelow(condition.values.map(({ text }) => text)).map((text) => ({ text, exact: true })) }
}

const isOfRow = (condition: RunCondition): condition is RunRowCondition & RunCondition =>
  condition.type !== 'words' && isRunRowField(condition.field)

/** So often a page is filled up where runs are no longer what ClickHouse's copy says. */
const MOST_LOOKS = 5

/**
 * A page of runs. Postgres alone answers what it can: it is the truth, and needs no other store. What runs cost, used or said, and other
 * orders, ClickHouse's copy answers; each run of it is then read, and looked at once more, in Postgres.
 */
export async function findRunPage(ctx: CollectorContext, projectId: string, request: RunPageRequest): Promise<RowPage> {
  const { filter, sort, order, limit, cursor } = request
  const isRows = sort === 'started' && order === 'desc' && readQuery(filter.query, Date.now()).every(isOfRow)
  if (isRows) {
    const { rows: rowFilter } = await readFilter(ctx, { projectId, filter, now: new Date().toISOString() })
    const rows = await listRuns(ctx.pool, projectId, rowFilter, { limit: limit + 1, after: readCursor(cursor) })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return { rows: page, nextCursor: rows.length > limit && last !== undefined ? writeCursor(last) : null }
  }
  let after = readSortedCursor(cursor, sort)
  const now = after?.now ?? new Date().toISOString()
  const { rows: rowFilter, copies } = await readFilter(ctx, { projectId, filter, now })
  // What was sent before the question counts.
  await settleSpans(ctx)
  const found: RunRow[] = []
  for (let look = 0; look < MOST_LOOKS; look++) {
    const wanted = limit - found.length
    const ids = await findRunIds(ctx.clickhouse, copies, { sort, order, limit: wanted + 1, after })
    const page = ids.slice(0, wanted)
    const { q: _q, ...known } = rowFilter
    const rows = await listRuns(ctx.pool, projectId, { ...known, ids: page.map(({ id }) => id) }, { limit: wanted, after: null })
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const { id } of page) {
      const row = byId.get(id)
      if (row !== undefined) found.push(row)
    }
    const last = page.at(-1)
    if (ids.length <= wanted || last === undefined) return { rows: found, nextCursor: null }
    after = { ...last, now }
    if (found.length >= limit) break
  }
  return { rows: found, nextCursor: after === null ? null : writeSortedCursor(after, sort) }
}
