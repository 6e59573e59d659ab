import { findRun, type RunRow } from '@cairn/prisma'
import type { Comparison } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'

/** Forks of forks this far back are followed. */
const MOST_FORKS = 20

/** The runs that a run was forked from, nearest first. */
export async function originsOf(ctx: CollectorContext, run: RunRow): Promise<RunRow[]> {
  const origins: RunRow[] = []
  let at: RunRow | undefined = run
  while (at?.forkedFromRunId && origins.length < MOST_FORKS) {
    at = await findRun(ctx.pool, run.projectId, at.forkedFromRunId)
    if (at !== undefined) origins.push(at)
  }
  return origins
}

interface Descended {
  readonly run: RunRow
  readonly origins: readonly RunRow[]
}

/** How two runs belong together. */
export function relate(a: Descended, b: Descended): Comparison['relation'] {
  if (a.run.id === b.run.id) return 'executions'
  if (a.origins.some(({ id }) => id === b.run.id) || b.origins.some(({ id }) => id === a.run.id)) return 'fork'
  return a.origins.some(({ id }) => b.origins.some((origin) => origin.id === id)) ? 'forks' : 'none'
}
