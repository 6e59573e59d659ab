import {
  type BulkResume,
  DecideFailure,
  type FailureDecided,
  type FailureDifferences,
  type FailureGroup,
  FailureGroupId,
  type FailurePage,
  type FingerprintPreview,
  FingerprintRules,
  ListFailures,
  MergeFailures,
  PutFingerprintRules,
  RESUMABLE_STATUSES,
  type StoredFingerprintRules,
} from '@cairn/sdk/protocol'
import { z } from 'zod'
import { callCollector } from '../collector'
import { Hours, since } from '../since'
import { command, procedure, router } from '../trpc'

const PATH = '/api/v1/failures'
const Range = z.object({ hours: Hours })
const Group = z.object({ group: FailureGroupId })
const Job = z.object({ id: z.uuid() })

/** Cancelled runs were stopped by a person: they are not resumed with the others. */
const RESUMED = RESUMABLE_STATUSES.filter((status) => status !== 'cancelled')

export const failuresRouter = router({
  list: procedure
    .input(
      Range.extend({
        state: ListFailures.shape.state,
        agent: z.string().optional(),
        version: z.string().optional(),
        q: z.string().max(1_000).optional(),
        sort: ListFailures.shape.sort,
        cursor: z.string().nullish(),
        limit: z.number().int().min(1).max(200).default(100),
      }),
    )
    .query(({ input: { hours, cursor, ...query } }) =>
      callCollector<FailurePage>(PATH, { query: { ...query, from: since(hours).from, cursor: cursor ?? undefined } }),
    ),
  get: procedure
    .input(Group.extend(Range.shape))
    .query(({ input: { group, hours } }) => callCollector<FailureGroup>(`${PATH}/${group}`, { query: { from: since(hours).from } })),
  differences: procedure
    .input(Group.extend(Range.shape))
    .query(({ input: { group, hours } }) =>
      callCollector<FailureDifferences>(`${PATH}/${group}/differences`, { query: { from: since(hours).from } }),
    ),
  decide: command
    .input(z.object({ group: FailureGroupId, decision: DecideFailure }))
    .mutation(({ ctx, input: { group, decision } }) =>
      callCollector<FailureDecided>(`${PATH}/${group}`, { method: 'PUT', body: { ...decision, actor: ctx.user.email } }),
    ),
  merge: command
    .input(Group.extend({ groups: MergeFailures.shape.groups }))
    .mutation(({ ctx, input: { group, groups } }) =>
      callCollector<{ merged: string[] }>(`${PATH}/${group}/merge`, { method: 'POST', body: { groups, actor: ctx.user.email } }),
    ),
  unmerge: command
    .input(Group.extend({ groups: MergeFailures.shape.groups }))
    .mutation(({ ctx, input: { group, groups } }) =>
      callCollector<{ unmerged: string[] }>(`${PATH}/${group}/unmerge`, { method: 'POST', body: { groups, actor: ctx.user.email } }),
    ),
  rules: procedure.query(() => callCollector<StoredFingerprintRules>(`${PATH}/rules`)),
  previewRules: procedure
    .input(FingerprintRules)
    .mutation(({ input }) => callCollector<FingerprintPreview>(`${PATH}/rules/preview`, { method: 'POST', body: input })),
  putRules: command
    .input(PutFingerprintRules)
    .mutation(({ ctx, input }) =>
      callCollector<StoredFingerprintRules>(`${PATH}/rules`, { method: 'PUT', body: { ...input, actor: ctx.user.email } }),
    ),
  resume: command
    .input(Group.extend({ perSecond: z.number().min(0.001).max(1_000), reason: z.string().max(2_000).optional() }))
    .mutation(({ ctx, input: { group, ...rest } }) =>
      callCollector<{ id: string; matched: number }>('/api/v1/runs/resume', {
        method: 'POST',
        body: { errorGroup: group, status: RESUMED, ...rest, actor: ctx.user.email },
      }),
    ),
  resumed: procedure.input(Job).query(({ input }) => callCollector<BulkResume>(`/api/v1/runs/resume/${input.id}`)),
  stopResume: command
    .input(Job)
    .mutation(({ input }) => callCollector<BulkResume>(`/api/v1/runs/resume/${input.id}`, { method: 'DELETE' })),
})
