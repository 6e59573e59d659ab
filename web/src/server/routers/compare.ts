import { type ComparisonSuggestion, RunId, type Step, TraceId } from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector, callCollectorText } from '../collector'
import { procedure, router } from '../trpc'

const Execution = z.number().int().positive().optional()

/** Comparisons pass as the text that they are: one of 20,000 rows would be walked through several times on its way. */
export const compareRouter = router({
  runs: procedure
    .input(z.object({ a: RunId, b: RunId, executionA: Execution, executionB: Execution, by: z.enum(['step', 'span']) }))
    .query(({ input: { a, b, ...query } }) => callCollectorText(`/api/v1/runs/${a}/compare/${b}`, { query })),
  traces: procedure
    .input(z.object({ a: TraceId, b: TraceId }))
    .query(({ input: { a, b } }) => callCollectorText(`/api/v1/traces/${a}/compare/${b}`)),
  suggestions: procedure
    .input(z.object({ id: RunId }))
    .query(async ({ input }) => (await callCollector<{ items: ComparisonSuggestion[] }>(`/api/v1/runs/${input.id}/compare`)).items),
  step: procedure
    .input(z.object({ id: RunId, key: z.string() }))
    .query(
      async ({ input: { id, key } }) =>
        (await callCollector<{ items: Step[] }>(`/api/v1/runs/${id}/steps`, { query: { key } })).items[0] ?? null,
    ),
})
