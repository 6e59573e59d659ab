import { CompareRuns, CompareTraces, Comparison, ComparisonSuggestion } from '@cairn/sdk/protocol'
import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { id, items, json, operation } from './operation.ts'

/** Two runs or traces beside each other. */
export const COMPARE_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/runs/{id}/compare': {
    get: operation({ summary: 'What a run is worth comparing with', path: id, answers: { '200': json(items(ComparisonSuggestion)) } }),
  },
  '/api/v1/runs/{id}/compare/{otherId}': {
    get: operation({
      summary: 'Two runs, or two executions of one, aligned by step or by span: side A is the first, side B the other',
      path: z.object({ id: z.string(), otherId: z.string() }),
      query: CompareRuns,
      answers: { '200': json(Comparison) },
    }),
  },
  '/api/v1/traces/{traceId}/compare/{otherId}': {
    get: operation({
      summary: 'Two traces aligned span by span',
      path: z.object({ traceId: z.string(), otherId: z.string() }),
      query: CompareTraces,
      answers: { '200': json(Comparison) },
    }),
  },
}
