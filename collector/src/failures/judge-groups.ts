import { getSinceDecisions } from '@cairn/clickhouse'
import {
  type FailureDecisionRow,
  inTransaction,
  listFailureDecisions,
  listWatchedDecisions,
  listWatchedProjects,
  reopenFailure,
  tryLockReopening,
} from '@cairn/prisma'
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
}

/** The states of those groups about which something was decided: of others nothing but open can be said. */
export async function judgeGroups(
  ctx: CollectorContext,
  { only, ...judge }: Judge & { readonly only: readonly string[] },
): Promise<Map<string, JudgedGroup>> {
  return judgeDecisions(ctx, judge, await listFailureDecisions(ctx.pool, { projectId: judge.projectId, errorGroups: only }))
}

async function judgeDecisions(
  ctx: CollectorContext,
  { projectId, groups }: Judge,
  decisions: readonly FailureDecisionRow[],
): Promise<Map<string, JudgedGroup>> {
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

/** Groups judged in one question. */
const PAGE = 1_000

/**
 * Stores that groups have opened by themselves: it must last when the failures that say so are deleted, and stands in the history. What
 * a group is in until then is judged when it is read. One collector at a time judges a project, and one project that can't be judged
 * stops no other.
 */
export async function reopenFailures(ctx: CollectorContext): Promise<void> {
  for (const projectId of await listWatchedProjects(ctx.pool))
    try {
      await inTransaction(ctx.pool, async (db) => {
        if (await tryLockReopening(db, projectId)) await reopenOfProject(ctx, projectId)
      })
    } catch (error) {
      ctx.log.error({ err: error, projectId }, 'groups of failures could not be judged; it is tried again')
    }
}

async function reopenOfProject(ctx: CollectorContext, projectId: string): Promise<void> {
  const groups = await MergedGroups.of(ctx, projectId)
  for (let after: string | undefined = ''; after !== undefined; ) {
    const decisions: FailureDecisionRow[] = await listWatchedDecisions(ctx.pool, { projectId, after, limit: PAGE })
    for (const { decision, reopened } of (await judgeDecisions(ctx, { projectId, groups }, decisions)).values())
      if (reopened !== null && (await reopenFailure(ctx.pool, { decision, ...reopened })))
        ctx.log.info({ projectId, errorGroup: decision.errorGroup, ...reopened }, 'a group of failures has opened by itself')
    after = decisions.length < PAGE ? undefined : decisions.at(-1)?.errorGroup
  }
}
