import { getSinceDecisions } from '@cairn/clickhouse'
import { type FailureDecisionRow, listFailureDecisions, listWatchedProjects, reopenFailure } from '@cairn/prisma'
import type { CollectorContext } from '../context.ts'
import { type JudgedState, judgeState } from './failure-state.ts'
import { MergedGroups } from './merged-groups.ts'

const DAY_MS = 86_400_000
/** So far back a failure can reopen a group, and clocks may be ahead by as much. */
const LOOK_BACK_MS = 90 * DAY_MS

export interface JudgedGroup extends JudgedState {
  readonly decision: FailureDecisionRow
}

interface Judge {
  readonly projectId: string
  readonly groups: MergedGroups
  /** Only these; all about which something was decided where it is left out. */
  readonly only?: readonly string[]
}

/** The states of all groups about which something was decided: of others nothing but open can be said. */
export async function judgeGroups(ctx: CollectorContext, { projectId, groups, only }: Judge): Promise<Map<string, JudgedGroup>> {
  const decisions = await listFailureDecisions(ctx.pool, { projectId, errorGroups: only ?? null })
  const nowMs = Date.now()
  const watched = decisions.filter(({ state, untilCount }) => state === 'resolved' || (state === 'muted' && untilCount !== null))
  const oldest = Math.min(...watched.map(({ decidedAt }) => Date.parse(decidedAt)))
  const scope = {
    projectId,
    merged: groups.merged,
    from: new Date(Math.max(Math.min(oldest, nowMs), nowMs - LOOK_BACK_MS)).toISOString(),
    to: new Date(nowMs + DAY_MS).toISOString(),
  }
  const asked = watched.map(({ errorGroup, decidedAt }) => ({ group: errorGroup, decidedAt }))
  const since = await getSinceDecisions(ctx.clickhouse, scope, asked)
  return new Map(
    decisions.map((decision) => [decision.errorGroup, { decision, ...judgeState(decision, since.get(decision.errorGroup), nowMs) }]),
  )
}

/**
 * Stores that groups have opened by themselves: it must last when the failures that say so are deleted, and stands in the history.
 */
export async function reopenFailures(ctx: CollectorContext): Promise<void> {
  for (const projectId of await listWatchedProjects(ctx.pool)) {
    const judged = await judgeGroups(ctx, { projectId, groups: await MergedGroups.of(ctx, projectId) })
    for (const { decision, reopened } of judged.values())
      if (reopened !== null && (await reopenFailure(ctx.pool, { decision, ...reopened })))
        ctx.log.info({ projectId, errorGroup: decision.errorGroup, ...reopened }, 'a group of failures has opened by itself')
  }
}
