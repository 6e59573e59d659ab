import type { RunSummary } from '@cairn/sdk/protocol'

/** Runs that are remembered between two looks; the oldest are forgotten. */
const MOST_KNOWN = 2_000

type Watched = Pick<RunSummary, 'id' | 'status' | 'execution'>

/**
 * Of what was seen, the new runs and those of another status or execution, from old to new. Of two sights of a run the later counts.
 * All of it is known afterwards.
 */
export function changedRuns<T extends Watched & Pick<RunSummary, 'createdAt'>>(known: Map<string, T>, seen: readonly T[]): T[] {
  const changed: T[] = []
  for (const run of new Map(seen.map((one) => [one.id, one])).values()) {
    const before = known.get(run.id)
    if (before === undefined || before.status !== run.status || before.execution !== run.execution) changed.push(run)
    known.delete(run.id)
    known.set(run.id, run)
  }
  for (const id of known.keys()) {
    if (known.size <= MOST_KNOWN) break
    known.delete(id)
  }
  return changed.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
}

const LIVE = ['queued', 'running', 'waiting', 'paused']

/** Runs that were live when last seen and are in no list now. */
export function vanishedRuns(known: ReadonlyMap<string, Watched>, seen: readonly Watched[]): string[] {
  const present = new Set(seen.map((run) => run.id))
  return [...known.values()].filter((run) => LIVE.includes(run.status) && !present.has(run.id)).map((run) => run.id)
}
