import type { SinceDecision } from '@cairn/clickhouse'
import type { FailureDecisionRow } from '@cairn/prisma'
import type { FailureState } from '@cairn/sdk/protocol'

export interface JudgedState {
  readonly state: FailureState
  /** It had been resolved, and failed again then. */
  readonly regression: boolean
  /** Failures that are still to come before a muted group opens; null: it doesn't wait for any. */
  readonly left: number | null
  /** What overthrew the decision, where something has since. */
  readonly reopened: { readonly regressedAt: string | null; readonly version: string | null } | null
}

/**
 * The state that a group is in: what was decided, unless the failures or the time since then say otherwise. Judged when it is read, so
 * that no failure can be missed, whichever way it came.
 */
export function judgeState(decision: FailureDecisionRow | undefined, since: SinceDecision | undefined, nowMs: number): JudgedState {
  if (decision === undefined) return { state: 'open', regression: false, left: null, reopened: null }
  const { state, regressedAt } = decision
  if (state === 'resolved') {
    const again = findRegression(decision, since)
    if (again === undefined) return { state, regression: false, left: null, reopened: null }
    return { state: 'open', regression: true, left: null, reopened: { regressedAt: again.at, version: again.version || null } }
  }
  if (state === 'muted') {
    const left = decision.untilCount === null ? null : Math.max(0, decision.untilCount - (since?.count ?? 0))
    const isOver = left === 0 || (decision.untilTime !== null && Date.parse(decision.untilTime) <= nowMs)
    if (isOver) return { state: 'open', regression: false, left: null, reopened: { regressedAt: null, version: null } }
    return { state, regression: false, left, reopened: null }
  }
  return { state: 'open', regression: regressedAt !== null, left: null, reopened: null }
}

/**
 * The first failure that began after the group was resolved. Resolved in a version: of that one or one that had not failed so before;
 * versions from before the remedy may go on failing. What began before it was resolved says nothing.
 */
function findRegression({ inVersion, oldVersions }: FailureDecisionRow, since: SinceDecision | undefined) {
  const old = new Set(inVersion === null ? [] : oldVersions.filter((version) => version !== inVersion))
  return [...(since?.firstByVersion ?? [])]
    .filter(([version]) => !old.has(version))
    .map(([version, at]) => ({ version, at }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))[0]
}
