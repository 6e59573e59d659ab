import {
  type Artifact,
  type BulkAction,
  ControlRun,
  EncodedValue,
  ForkRun,
  type ResumePreview,
  ResumeRun,
  RUN_SORTS,
  type Run,
  type RunFacets,
  type RunPage,
  RunStatus,
  type RunSummary,
  StartBulkAction,
  type Step,
} from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector } from '../collector'
import { command, procedure, router } from '../trpc'

const Id = z.object({ id: z.uuid() })
const Filter = z.object({
  status: z.array(RunStatus).optional(),
  agent: z.string().optional(),
  sessionId: z.string().optional(),
  userId: z.string().optional(),
  tag: z.string().optional(),
  errorGroup: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  q: z.string().optional(),
})

/** How long a person has to think better of it. */
const UNDO_MS = 5_000

const toQuery = ({ status, ...rest }: z.infer<typeof Filter>) => ({
  ...rest,
  topLevel: 'true',
  status: status?.length ? status.join(',') : undefined,
})

/** A sub-agent's run goes on with the one that called it: it is listed only where that is wanted. */
const orTopLevel = (subAgents: boolean) => (subAgents ? {} : { topLevel: 'true' })

export const runsRouter = router({
  list: procedure
    .input(Filter.extend({ cursor: z.string().nullish(), limit: z.number().int().min(1).max(200).default(50) }))
    .query(({ input: { cursor, limit, ...filter } }) =>
      callCollector<RunPage>('/api/v1/runs', { query: { ...toQuery(filter), limit, cursor: cursor ?? undefined } }),
    ),
  find: procedure
    .input(
      z.object({
        query: z.string(),
        subAgents: z.boolean().default(false),
        sort: z.enum(RUN_SORTS),
        order: z.enum(['asc', 'desc']),
        cursor: z.string().nullish(),
        limit: z.number().int().min(1).max(200),
      }),
    )
    .query(({ input: { cursor, subAgents, ...rest } }) =>
      callCollector<RunPage>('/api/v1/runs', { query: { ...rest, cursor: cursor ?? undefined, ...orTopLevel(subAgents) } }),
    ),
  facets: procedure
    .input(z.object({ query: z.string(), subAgents: z.boolean().default(false) }))
    .query(({ input: { query, subAgents } }) =>
      callCollector<RunFacets>('/api/v1/runs/facets', { query: { query, ...orTopLevel(subAgents) } }),
    ),
  bulkActions: procedure.query(async () => (await callCollector<{ items: BulkAction[] }>('/api/v1/runs/bulk')).items),
  startBulk: command
    .input(StartBulkAction.pick({ action: true, ids: true, query: true, perSecond: true, set: true, reason: true }))
    .mutation(({ ctx, input }) =>
      callCollector<BulkAction>('/api/v1/runs/bulk', { method: 'POST', body: { ...input, undoMs: UNDO_MS, actor: ctx.user.email } }),
    ),
  stopBulk: command.input(Id).mutation(({ input }) => callCollector<BulkAction>(`/api/v1/runs/bulk/${input.id}`, { method: 'DELETE' })),
  undoBulk: command.input(Id).mutation(({ input }) => callCollector<BulkAction>(`/api/v1/runs/bulk/${input.id}/undo`, { method: 'POST' })),
  get: procedure.input(Id).query(({ input }) => callCollector<Run>(`/api/v1/runs/${input.id}`)),
  children: procedure
    .input(Id)
    .query(
      async ({ input }) =>
        (await callCollector<{ items: RunSummary[] }>('/api/v1/runs', { query: { parentRunId: input.id, limit: 100 } })).items,
    ),
  steps: procedure.input(Id).query(async ({ input }) => (await callCollector<{ items: Step[] }>(`/api/v1/runs/${input.id}/steps`)).items),
  artifacts: procedure
    .input(Id)
    .query(async ({ input }) => (await callCollector<{ items: Artifact[] }>(`/api/v1/runs/${input.id}/artifacts`)).items),
  resumePreview: procedure.input(Id).query(({ input }) => callCollector<ResumePreview>(`/api/v1/runs/${input.id}/resume-preview`)),
  resume: command
    .input(Id.merge(ResumeRun.pick({ reason: true, version: true, overrides: true, input: true })))
    .mutation(({ ctx, input: { id, ...rest } }) =>
      callCollector<Run>(`/api/v1/runs/${id}/resume`, { method: 'POST', body: { ...rest, actor: ctx.user.email } }),
    ),
  fork: command
    .input(Id.merge(ForkRun))
    .mutation(({ input: { id, ...body } }) => callCollector<Run>(`/api/v1/runs/${id}/fork`, { method: 'POST', body })),
  pause: command
    .input(Id)
    .mutation(({ ctx, input }) =>
      callCollector<Run>(`/api/v1/runs/${input.id}/pause`, { method: 'POST', body: { actor: ctx.user.email } }),
    ),
  signal: command
    .input(Id.extend({ name: z.string().min(1).max(200), payload: EncodedValue }))
    .mutation(({ input: { id, name, payload } }) =>
      callCollector<unknown>(`/api/v1/runs/${id}/signals/${encodeURIComponent(name)}`, { method: 'POST', body: payload }),
    ),
  cancel: command
    .input(Id.merge(ControlRun.pick({ reason: true })))
    .mutation(({ ctx, input: { id, reason } }) =>
      callCollector<Run>(`/api/v1/runs/${id}/cancel`, { method: 'POST', body: { actor: ctx.user.email, reason } }),
    ),
  promote: command
    .input(Id.extend({ set: z.string().min(1).max(200), note: z.string().max(2_000).optional() }))
    .mutation(({ ctx, input: { id, set, note } }) =>
      callCollector<{ id: string; version: number }>(`/api/v1/few-shot/${encodeURIComponent(set)}/examples`, {
        method: 'POST',
        body: { runId: id, actor: ctx.user.email, ...(note ? { note } : {}) },
      }),
    ),
})
