import { getInputStart, listForks, listGoodRunsLike, type RunRow } from '@cairn/prisma'
import type { ComparisonSuggestion, RunId } from '@cairn/sdk/protocol'
import type { CollectorContext } from '../context.ts'
import { likeness } from './likeness.ts'
import { originsOf } from './lineage.ts'

const MOST_FORKS = 5
const MOST_EXECUTIONS = 4
/** Of the newest good runs, those whose inputs are looked at. */
const LOOKED_AT = 50

/** What a run is worth comparing with: the older or better side is A. */
export async function suggestRuns(ctx: CollectorContext, run: RunRow): Promise<ComparisonSuggestion[]> {
  const [[origin], forks, good, input] = await Promise.all([
    originsOf(ctx, run),
    listForks(ctx.pool, run, MOST_FORKS),
    listGoodRunsLike(ctx.pool, run, LOOKED_AT),
    getInputStart(ctx.pool, run.id),
  ])
  const best = good
    .map((row) => ({ row, alike: likeness(input, row.inputStart) }))
    .reduce<{ row: RunRow; alike: number } | undefined>(
      (found, next) => (found === undefined || next.alike > found.alike ? next : found),
      undefined,
    )
  const executions = Array.from({ length: Math.min(run.execution - 1, MOST_EXECUTIONS) }, (_, i) => run.execution - i)
  return [
    ...executions.map((number) => ({
      kind: 'execution' as const,
      text: `Execution ${number} with the one before it`,
      a: side(run, number - 1),
      b: side(run, number),
    })),
    ...(origin === undefined ? [] : [{ kind: 'origin' as const, text: 'The run that it was forked from', a: side(origin), b: side(run) }]),
    ...forks.map((fork) => ({
      kind: 'fork' as const,
      text: `Its fork from step ${fork.forkedFromStep ?? ''}`,
      a: side(run),
      b: side(fork),
    })),
    ...(best === undefined
      ? []
      : [
          {
            kind: 'good' as const,
            text: `A good run of this agent with ${best.alike === 1 ? 'the same input' : best.alike >= 0.5 ? 'a similar input' : 'another input'}`,
            a: side(best.row),
            b: side(run),
          },
        ]),
  ]
}

const side = (row: RunRow, execution: number | null = null): ComparisonSuggestion['a'] => ({
  runId: row.id as RunId,
  execution,
  agent: row.agent,
  version: row.version,
  status: row.status,
  createdAt: row.createdAt,
})
