import {
  type FailureScope,
  findFailureKinds,
  getFailureLosses,
  getFailureUsers,
  getFailureVersions,
  listFailureEvents,
  listFailureGroups,
  listFailureParts,
} from '@cairn/clickhouse'
import { countRunsByStatus, getFingerprintRules, listFailureChanges } from '@cairn/prisma'
import { type FailureGroup, type FailureRange, FingerprintRules, RESUMABLE_STATUSES } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { notFound } from '../errors.ts'
import { explainMessage, fingerprintError, normaliseStep } from '../ingest/map/error-group.ts'
import { findExamples } from './examples.ts'
import { readRules } from './grouping-cache.ts'
import { judgeGroups } from './judge-groups.ts'
import { toSummary, withFirstSeen } from './list-failures.ts'
import { MergedGroups } from './merged-groups.ts'
import { readFailureTimes } from './range.ts'

const DAY_MS = 86_400_000
/** Where it has not failed in the range, it is shown as it last was. */
const LOOK_BACK_MS = 90 * DAY_MS
const LOOKED_AT = 1_000
const MOST_PARTS = 200
const MOST_CHANGES = 50

/** A group whole; one that was merged is shown as the group that it is part of. @throws {CollectorError} `not_found` */
export async function showFailure(ctx: CollectorContext, projectId: string, group: string, query: FailureRange): Promise<FailureGroup> {
  const groups = await MergedGroups.of(ctx, projectId)
  const root = groups.rootOf(group)
  const parts = groups.partsOf(root)
  const asked = readFailureTimes(query)
  const { clickhouse, pool } = ctx
  const read = async (times: typeof asked) => {
    const filter: FailureScope = { projectId, ...times, merged: groups.merged, groups: [root] }
    const scope = { ...filter, kinds: await findFailureKinds(clickhouse, filter) }
    const { rows } = await listFailureGroups(clickhouse, { ...scope, intervalSeconds: times.intervalSeconds })
    return { scope, row: rows[0], times }
  }
  const inRange = await read(asked)
  const { scope, row, times } = inRange.row === undefined ? await read(readFailureTimes(lookBack())) : inRange
  if (row === undefined) throw notFound(`group of failures ${group}`)
  const resumable = { errorGroup: root, status: [...RESUMABLE_STATUSES], topLevel: true }
  const [judged, losses, byVersion, topUsers, partRows, events, history, byStatus, stored] = await Promise.all([
    judgeGroups(ctx, { projectId, groups, only: [root] }),
    getFailureLosses(clickhouse, scope),
    getFailureVersions(clickhouse, scope),
    getFailureUsers(clickhouse, scope),
    listFailureParts(clickhouse, scope, MOST_PARTS),
    listFailureEvents(clickhouse, scope, LOOKED_AT),
    listFailureChanges(pool, { projectId, errorGroups: [root, ...parts], limit: MOST_CHANGES }),
    countRunsByStatus(pool, projectId, resumable),
    getFingerprintRules(pool, projectId),
  ])
  const state = judged.get(root)
  const counts = new Map(partRows.map((part) => [part.group, part]))
  const summary = toSummary(row, { judged: state, loss: losses.get(root), parts })
  const [sinceFirst = summary] = await withFirstSeen(ctx, projectId, { summaries: [summary], groups })
  return {
    ...sinceFirst,
    ...times,
    byVersion,
    topUsers,
    fingerprint: explainFingerprint(row, events[0]?.group ?? root, stored?.rules),
    resumable: RESUMABLE_STATUSES.reduce((sum, status) => sum + (status === 'cancelled' ? 0 : (byStatus[status] ?? 0)), 0),
    examples: await findExamples(ctx, projectId, events),
    parts: parts.map((part) => ({
      group: part,
      errorType: counts.get(part)?.errorType ?? '',
      errorMessage: counts.get(part)?.errorMessage ?? '',
      count: counts.get(part)?.count ?? 0,
    })),
    history: history.map(({ details, ...change }) => ({
      ...change,
      change: change.change as FailureGroup['history'][number]['change'],
      details: JSON.parse(details),
    })),
  }
}

const lookBack = () => ({ from: new Date(Date.now() - LOOK_BACK_MS).toISOString() })

/** `group`: the fingerprint that the newest failure was given. */
function explainFingerprint(
  row: { errorType: string; errorMessage: string; ownAgent: string; step: string },
  group: string,
  stored: unknown,
): FailureGroup['fingerprint'] {
  const rules = FingerprintRules.safeParse(stored ?? {}).data ?? FingerprintRules.parse({})
  const compiled = readRules(stored)
  const cause = { type: row.errorType, message: row.errorMessage, agent: row.ownAgent, step: row.step }
  return {
    errorType: row.errorType,
    message: explainMessage(row.errorMessage, compiled.patterns),
    agent: row.ownAgent,
    step: normaliseStep(row.step),
    rules,
    isCurrent: fingerprintError(cause, compiled) === group,
  }
}
