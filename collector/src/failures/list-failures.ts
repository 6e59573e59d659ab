import {
  type FailureGroupRow,
  type FailureLoss,
  findFailureKinds,
  getFailureLosses,
  getFirstSeen,
  listFailureGroups,
} from '@cairn/clickhouse'
import type { FailurePage, FailureSummary, ListFailures } from '@cairn/sdk/protocol'
import { Decimal } from 'decimal.js'
import type { CollectorContext } from '../context.ts'
import { CollectorError } from '../errors.ts'
import { type JudgedGroup, judgeGroups } from './judge-groups.ts'
import { MergedGroups } from './merged-groups.ts'
import { readFailureTimes } from './range.ts'

/** Groups of failures under a filter, by page. They are few, so all of them are judged and sorted here. */
export async function listFailures(ctx: CollectorContext, projectId: string, query: ListFailures): Promise<FailurePage> {
  const times = readFailureTimes(query)
  const groups = await MergedGroups.of(ctx, projectId)
  const filter = { projectId, ...times, merged: groups.merged, agent: query.agent, version: query.version }
  const scope = { ...filter, kinds: await findFailureKinds(ctx.clickhouse, filter) }
  const [list, losses] = await Promise.all([
    listFailureGroups(ctx.clickhouse, { ...scope, q: query.q }),
    getFailureLosses(ctx.clickhouse, scope),
  ])
  const judged = await judgeGroups(ctx, { projectId, groups, only: list.rows.map(({ group }) => group) })
  const known = list.rows.map((row) =>
    toSummary(row, { judged: judged.get(row.group), loss: losses.get(row.group), parts: groups.partsOf(row.group) }),
  )
  const sinceFirst = (summaries: readonly FailureSummary[]) => withFirstSeen(ctx, projectId, { summaries, groups })
  const all = query.sort === 'firstSeen' ? await sinceFirst(known) : known
  const counts = { open: 0, resolved: 0, muted: 0 }
  for (const { state } of all) counts[state] += 1
  const wanted = all.filter(({ state }) => query.state === undefined || state === query.state).sort(ORDERS[query.sort])
  const begin = query.cursor === undefined ? 0 : afterCursor(wanted, query.cursor)
  const page = wanted.slice(begin, begin + query.limit)
  const items = query.sort === 'firstSeen' ? page : await sinceFirst(page)
  const last = items.at(-1)
  const hasMore = begin + query.limit < wanted.length
  return { items, nextCursor: hasMore && last !== undefined ? writeCursor(last.group) : null, counts, ...times, truncated: list.isCut }
}

/** When each was first seen ever, not only in the range of time. */
export async function withFirstSeen<T extends FailureSummary>(
  ctx: CollectorContext,
  projectId: string,
  { summaries, groups }: { summaries: readonly T[]; groups: MergedGroups },
): Promise<T[]> {
  const own = summaries.map(({ group }) => [group, ...groups.partsOf(group)])
  const first = await getFirstSeen(ctx.clickhouse, { projectId, groups: own.flat() })
  return summaries.map((summary, at) => {
    const times = [summary.firstSeen, ...(own[at] ?? []).flatMap((group) => first.get(group) ?? [])]
    return { ...summary, firstSeen: times.sort()[0] ?? summary.firstSeen }
  })
}

interface Known {
  readonly judged: JudgedGroup | undefined
  readonly loss: FailureLoss | undefined
  readonly parts: readonly string[]
}

export function toSummary({ ownAgent: _, ...row }: FailureGroupRow, { judged, loss, parts }: Known): FailureSummary {
  return {
    ...row,
    state: judged?.state ?? 'open',
    regression: judged?.regression ?? false,
    versions: row.versions.slice(0, 5),
    lost: loss === undefined ? '0' : loss.lost,
    unpriced: loss?.unpriced ?? 0,
    merged: parts.length,
    decision: toDecision(judged),
  }
}

/** What was decided about a group last. */
export const toDecision = (judged: JudgedGroup | undefined): FailureSummary['decision'] =>
  judged === undefined
    ? null
    : {
        actor: judged.decision.actor,
        note: judged.decision.note,
        at: judged.decision.decidedAt,
        inVersion: judged.decision.inVersion,
        untilTime: judged.decision.untilTime,
        left: judged.left,
      }

type Order = (a: FailureSummary, b: FailureSummary) => number
const newest: Order = (a, b) => b.lastSeen.localeCompare(a.lastSeen) || a.group.localeCompare(b.group)
/** What is unknown comes last. */
const usdOf = ({ lost }: FailureSummary) => new Decimal(lost ?? -1)

const ORDERS: Readonly<Record<ListFailures['sort'], Order>> = {
  lastSeen: newest,
  firstSeen: (a, b) => b.firstSeen.localeCompare(a.firstSeen) || newest(a, b),
  count: (a, b) => b.count - a.count || newest(a, b),
  lost: (a, b) => usdOf(b).comparedTo(usdOf(a)) || newest(a, b),
}

const writeCursor = (group: string): string => Buffer.from(group).toString('base64url')

/** A group that has gone from the list meanwhile ends it: what comes behind is asked for from the start. */
function afterCursor(items: readonly FailureSummary[], cursor: string): number {
  const group = Buffer.from(cursor, 'base64url').toString()
  if (!/^[0-9a-f]{16}$/.test(group))
    throw new CollectorError('invalid_request', 'query.cursor: is not a cursor of this list. Send back nextCursor as it came, or none.')
  const at = items.findIndex((item) => item.group === group)
  return at === -1 ? items.length : at + 1
}
