import {
  Artifact,
  BulkAction,
  BulkResume,
  CheckpointAnswer,
  CheckpointBatch,
  ClaimAnswer,
  ClaimRequest,
  ControlRun,
  CreateRun,
  EncodedValue,
  ExportRuns,
  ForkRun,
  ListRuns,
  LogLines,
  ResumePreview,
  ResumeRun,
  ResumeRuns,
  Run,
  RunFacets,
  RunFilter,
  RunOutcome,
  RunPage,
  RunQueryFilter,
  RunState,
  RunStateDiff,
  StartBulkAction,
  Step,
  WorkerInfo,
} from '@cairn/sdk/protocol'
import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { id, items, json, operation } from './operation.ts'

const named = z.object({ id: z.string(), name: z.string() })

/** Runs, and the workers that take them. */
export const RUN_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/runs': {
    post: operation({
      summary: 'Start a run',
      body: CreateRun,
      answers: { '201': json(Run, 'Made'), '200': json(Run, 'The first run of this idempotency key') },
    }),
    get: operation({ summary: 'List runs, newest first', query: ListRuns as z.ZodObject, answers: { '200': json(RunPage) } }),
  },
  '/api/v1/runs/resume': {
    post: operation({
      summary: 'Resume all resumable runs of a filter',
      body: ResumeRuns,
      answers: { '202': json(z.object({ id: z.string(), matched: z.number().int() })) },
    }),
  },
  '/api/v1/runs/resume/{id}': {
    get: operation({ summary: 'How far a bulk resume is', path: id, answers: { '200': json(BulkResume) } }),
    delete: operation({ summary: 'Leave the rest of a bulk resume alone', path: id, answers: { '200': json(BulkResume) } }),
  },
  '/api/v1/runs/facets': {
    get: operation({
      summary: 'What the runs of a filter are made of: counts by status, agent, version, error, tag, user and session, and by time',
      query: RunQueryFilter as z.ZodObject,
      answers: { '200': json(RunFacets) },
    }),
  },
  '/api/v1/runs/export': {
    get: operation({
      summary: 'All runs of a filter as a file, with usage, cost, inputs and outputs',
      query: ExportRuns as z.ZodObject,
      answers: { '200': { description: 'The file', content: { 'application/octet-stream': { schema: z.string() } } } },
    }),
  },
  '/api/v1/runs/bulk': {
    post: operation({
      summary: 'Resume, cancel or promote many runs, by ids or by filter',
      body: StartBulkAction,
      answers: { '202': json(BulkAction) },
    }),
    get: operation({ summary: 'The newest bulk actions', answers: { '200': json(items(BulkAction)) } }),
  },
  '/api/v1/runs/bulk/{id}': {
    get: operation({ summary: 'How far a bulk action is', path: id, answers: { '200': json(BulkAction) } }),
    delete: operation({ summary: 'Leave the rest of a bulk action alone', path: id, answers: { '200': json(BulkAction) } }),
  },
  '/api/v1/runs/bulk/{id}/undo': {
    post: operation({ summary: 'Take back what can be: promoted examples', path: id, answers: { '200': json(BulkAction) } }),
  },
  '/api/v1/runs/{id}/state': {
    get: operation({
      summary: 'The state after a finished step; without one, the newest',
      path: id,
      query: z.object({ step: z.string().optional() }),
      answers: { '200': json(RunState) },
    }),
  },
  '/api/v1/runs/{id}/state/diff': {
    get: operation({
      summary: 'What changed between the states after two steps',
      path: id,
      query: z.object({ from: z.string().optional(), to: z.string().optional() }),
      answers: { '200': json(RunStateDiff) },
    }),
  },
  '/api/v1/runs/counts': {
    get: operation({
      summary: 'How many runs of a filter have each status, and which agents there are',
      query: RunFilter,
      answers: { '200': json(z.object({ byStatus: z.record(z.string(), z.number().int()), agents: z.array(z.string()) })) },
    }),
  },
  '/api/v1/runs/{id}': { get: operation({ summary: 'A run', path: id, answers: { '200': json(Run) } }) },
  '/api/v1/runs/{id}/steps': {
    get: operation({
      summary: 'Its checkpoints in order, or the one of a key',
      path: id,
      query: z.object({ key: z.string().optional() }),
      answers: { '200': json(items(Step)) },
    }),
  },
  '/api/v1/runs/{id}/events': {
    get: operation({
      summary: 'Its events as a stream; Last-Event-ID resumes',
      path: id,
      answers: { '200': { description: 'Server-sent events', content: { 'text/event-stream': { schema: z.string() } } } },
    }),
  },
  '/api/v1/runs/{id}/log': {
    get: operation({ summary: 'What its code wrote by run.log, the oldest first', path: id, answers: { '200': json(LogLines) } }),
  },
  '/api/v1/runs/{id}/artifacts': {
    get: operation({ summary: 'What files it made', path: id, answers: { '200': json(items(Artifact)) } }),
  },
  '/api/v1/runs/{id}/artifacts/{name}': {
    put: operation({
      summary: 'Store an artifact: a worker’s call, fenced by the header X-Cairn-Execution',
      path: named,
      answers: { '201': json(Artifact.pick({ name: true, contentType: true, bytes: true })) },
    }),
    get: operation({
      summary: 'The bytes of an artifact',
      path: named,
      answers: { '200': { description: 'Bytes', content: { '*/*': { schema: z.string() } } } },
    }),
  },
  '/api/v1/runs/{id}/resume-preview': {
    get: operation({ summary: 'What a resume would do', path: id, answers: { '200': json(ResumePreview) } }),
  },
  '/api/v1/runs/{id}/resume': { post: operation({ summary: 'Resume', path: id, body: ResumeRun, answers: { '202': json(Run) } }) },
  '/api/v1/runs/{id}/fork': {
    post: operation({ summary: 'Fork from a step', path: id, body: ForkRun, answers: { '201': json(Run) } }),
  },
  '/api/v1/runs/{id}/cancel': { post: operation({ summary: 'Cancel', path: id, body: ControlRun, answers: { '202': json(Run) } }) },
  '/api/v1/runs/{id}/pause': { post: operation({ summary: 'Pause', path: id, body: ControlRun, answers: { '202': json(Run) } }) },
  '/api/v1/runs/{id}/signals/{name}': {
    post: operation({
      summary: 'Send a signal',
      path: named,
      body: EncodedValue,
      answers: { '202': json(z.object({ runId: z.string(), name: z.string() })) },
    }),
  },
  '/api/v1/runs/{id}/signals/{name}/take': {
    post: operation({
      summary: 'Take a signal for a step that waits: a worker’s call, safe to repeat',
      path: named,
      body: z.object({ execution: z.number().int().positive(), stepKey: z.string() }),
      answers: { '200': json(z.object({ payload: EncodedValue })), '204': { description: 'None yet' } },
    }),
  },
  '/api/v1/runs/{id}/outcome': {
    post: operation({
      summary: 'A worker ends its execution',
      path: id,
      body: RunOutcome,
      answers: { '200': json(z.object({ status: z.string() })) },
    }),
  },
  '/api/v1/workers': {
    get: operation({ summary: 'Workers: alive, and ended in the last day', answers: { '200': json(items(WorkerInfo)) } }),
  },
  '/api/v1/workers/{id}/heartbeat': {
    post: operation({
      summary: 'Keep a worker’s lease while a step blocks its main thread: a worker’s call',
      path: id,
      answers: { '200': json(z.object({ alive: z.boolean() })) },
    }),
  },
  '/api/v1/claims': {
    post: operation({ summary: 'A worker asks for work', body: ClaimRequest, answers: { '200': json(ClaimAnswer) } }),
  },
  '/api/v1/checkpoints': {
    post: operation({ summary: 'Store step outcomes', body: CheckpointBatch, answers: { '200': json(CheckpointAnswer) } }),
  },
}
