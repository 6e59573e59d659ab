import {
  AddCompaction,
  AddExample,
  AddMessages,
  Artifact,
  BulkResume,
  Cached,
  CheckpointAnswer,
  CheckpointBatch,
  ClaimAnswer,
  ClaimRequest,
  ControlRun,
  CreateRun,
  EncodedValue,
  ErrorBody,
  FewShotExport,
  FewShotQuery,
  FewShotSet,
  FindCached,
  ForkRun,
  GetSession,
  ListRuns,
  ListTraces,
  ListUnpriced,
  Price,
  PutPrice,
  PutSchedule,
  PutSession,
  Report,
  ReportName,
  ReportQuery,
  Repricing,
  ResumePreview,
  ResumeRun,
  ResumeRuns,
  Retention,
  Run,
  RunFilter,
  RunOutcome,
  RunPage,
  RunState,
  RunStateDiff,
  Schedule,
  Session,
  SessionTail,
  Span,
  StartRepricing,
  Step,
  TakenToken,
  TakeToken,
  Trace,
  TraceOutline,
  TracePage,
  UnpricedModel,
  WorkerInfo,
} from '@cairn/sdk/protocol'
import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi'

const json = (schema: z.ZodType, description = 'OK') => ({ description, content: { 'application/json': { schema } } })
const items = (schema: z.ZodType) => z.object({ items: z.array(schema) })

interface Operation {
  readonly summary: string
  readonly path?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answers: ZodOpenApiOperationObject['responses']
}

const operation = ({ summary, path, query, body, answers }: Operation): ZodOpenApiOperationObject => ({
  summary,
  ...(path || query ? { requestParams: { ...(path ? { path } : {}), ...(query ? { query } : {}) } } : {}),
  ...(body ? { requestBody: { content: { 'application/json': { schema: body } } } } : {}),
  responses: { ...answers, default: json(ErrorBody, 'An error, in the one shape of this API') },
})

const scheduleName = z.object({ name: z.string() })
const id = z.object({ id: z.string() })
const named = z.object({ id: z.string(), name: z.string() })
const set = z.object({ set: z.string() })
const traceId = z.object({ traceId: z.string() })

/** The bodies are OTLP's own. */
const otlp = (summary: string) => ({
  post: {
    summary: `${summary}: OTLP/HTTP, protobuf or JSON; gzip, deflate or zstd`,
    requestBody: { content: { 'application/x-protobuf': { schema: z.string() }, 'application/json': { schema: EncodedValue } } },
    responses: {
      '200': { description: 'Stored, with partial_success where a span was refused' },
      default: { description: 'google.rpc.Status' },
    },
  },
})

const StoreState = z.enum(['ok', 'unavailable'])
const Readiness = z.object({ status: StoreState, postgres: StoreState, clickhouse: StoreState })
/** Needs no key. */
const open = (summary: string, answer: { description: string; content: Record<string, { schema: z.ZodType }> }) => ({
  summary,
  security: [],
  responses: { '200': answer },
})

/** OpenAPI 3.1 of the JSON API, made from the schemas that parse its requests. */
export function openApiDocument(serverUrl: string): ReturnType<typeof createDocument> {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cairn collector',
      version: '0.1.0',
      description: 'Durable agent runs and their traces.',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A project’s API key' } } },
    paths: {
      '/v1/traces': otlp('Receive spans'),
      '/v1/logs': otlp('Receive log records'),
      '/healthz': { get: open('The process lives', json(z.object({ status: z.literal('ok') }))) },
      '/readyz': { get: open('Both stores answer; 503 where one does not', json(Readiness)) },
      '/metrics': { get: open('Prometheus’ text format', { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } }) },
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
        get: operation({ summary: 'Its checkpoints in order', path: id, answers: { '200': json(items(Step)) } }),
      },
      '/api/v1/runs/{id}/events': {
        get: operation({
          summary: 'Its events as a stream; Last-Event-ID resumes',
          path: id,
          answers: { '200': { description: 'Server-sent events', content: { 'text/event-stream': { schema: z.string() } } } },
        }),
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
      '/api/v1/retention': {
        get: operation({ summary: 'How long runs are kept after their end', answers: { '200': json(Retention) } }),
        put: operation({ summary: 'Say how long', body: Retention, answers: { '200': json(Retention) } }),
      },
      '/api/v1/prices': {
        get: operation({ summary: 'The project’s own prices', answers: { '200': json(items(Price)) } }),
        post: operation({
          summary: 'Set a price: calls that come from now on cost it',
          body: PutPrice,
          answers: { '201': json(Price, 'Set; earlier prices stay') },
        }),
      },
      '/api/v1/prices/{id}': {
        delete: operation({
          summary: 'Delete a price',
          path: z.object({ id: z.uuid() }),
          answers: { '204': { description: 'Deleted; calls keep their cost until they are priced again' } },
        }),
      },
      '/api/v1/prices/unpriced': {
        get: operation({
          summary: 'Models whose calls have no price',
          query: ListUnpriced,
          answers: { '200': json(items(UnpricedModel)) },
        }),
      },
      '/api/v1/prices/reprice': {
        get: operation({ summary: 'The newest re-pricings', answers: { '200': json(items(Repricing)) } }),
        post: operation({ summary: 'Price calls again', body: StartRepricing, answers: { '202': json(Repricing, 'Begun') } }),
      },
      '/api/v1/prices/reprice/{id}': {
        get: operation({ summary: 'How far a re-pricing is', path: z.object({ id: z.uuid() }), answers: { '200': json(Repricing) } }),
      },
      '/api/v1/prices/reprice/{id}/cancel': {
        post: operation({
          summary: 'Leave the rest as it is',
          path: z.object({ id: z.uuid() }),
          answers: { '200': json(Repricing) },
        }),
      },
      '/api/v1/step-cache/find': {
        post: operation({
          summary: 'What another run has made under this key: a worker’s call',
          body: FindCached,
          answers: { '200': json(Cached), '204': { description: 'Nothing, or nothing any more' } },
        }),
      },
      '/api/v1/rate-limits/{key}/take': {
        post: operation({
          summary: 'Reserve a token of a bucket that all workers share: a worker’s call',
          path: z.object({ key: z.string() }),
          body: TakeToken,
          answers: { '200': json(TakenToken) },
        }),
      },
      '/api/v1/schedules': { get: operation({ summary: 'List schedules by name', answers: { '200': json(items(Schedule)) } }) },
      '/api/v1/schedules/{name}': {
        get: operation({ summary: 'A schedule', path: scheduleName, answers: { '200': json(Schedule) } }),
        put: operation({
          summary: 'Store a schedule; one that is paused stays so',
          path: scheduleName,
          body: PutSchedule,
          answers: { '201': json(Schedule, 'Made'), '200': json(Schedule, 'Changed') },
        }),
        delete: operation({
          summary: 'Delete a schedule',
          path: scheduleName,
          answers: { '204': { description: 'Deleted; its runs stay' } },
        }),
      },
      '/api/v1/schedules/{name}/pause': {
        post: operation({ summary: 'Pause a schedule', path: scheduleName, answers: { '200': json(Schedule) } }),
      },
      '/api/v1/schedules/{name}/resume': {
        post: operation({ summary: 'Resume a schedule from now on', path: scheduleName, answers: { '200': json(Schedule) } }),
      },
      '/api/v1/sessions/{id}': {
        get: operation({
          summary: 'A session; with tail=true its summary and the messages after it',
          path: id,
          query: GetSession,
          answers: { '200': json(z.union([Session, SessionTail])) },
        }),
        put: operation({ summary: 'Save its state (If-Match: version)', path: id, body: PutSession, answers: { '200': json(Session) } }),
      },
      '/api/v1/sessions/{id}/messages': {
        post: operation({ summary: 'Add messages (If-Match: version)', path: id, body: AddMessages, answers: { '200': json(Session) } }),
      },
      '/api/v1/sessions/{id}/compactions': {
        post: operation({
          summary: 'Add a summary of its first messages; of several the farthest counts',
          path: id,
          body: AddCompaction,
          answers: { '201': json(SessionTail, 'Added'), '200': json(SessionTail, 'One that reaches as far was there') },
        }),
      },
      '/api/v1/few-shot/{set}': {
        get: operation({ summary: 'The examples of a set', path: set, query: FewShotQuery, answers: { '200': json(FewShotSet) } }),
      },
      '/api/v1/few-shot/{set}/examples': {
        post: operation({
          summary: 'Promote a run, or add a literal example',
          path: set,
          body: AddExample,
          answers: { '201': json(z.object({ id: z.string(), version: z.number().int() })) },
        }),
      },
      '/api/v1/few-shot/{set}/export': {
        get: operation({
          summary: 'Export a set',
          path: set,
          query: FewShotExport,
          answers: {
            '200': {
              description: 'A file',
              content: { 'application/x-ndjson': { schema: z.string() }, 'text/csv': { schema: z.string() } },
            },
          },
        }),
      },
      '/api/v1/reports/{report}': {
        get: operation({
          summary: 'A report',
          path: z.object({ report: ReportName }),
          query: ReportQuery as z.ZodObject,
          answers: { '200': json(Report) },
        }),
      },
      '/api/v1/traces': {
        get: operation({ summary: 'List traces, newest first', query: ListTraces, answers: { '200': json(TracePage) } }),
      },
      '/api/v1/traces/{traceId}': { get: operation({ summary: 'A trace whole', path: traceId, answers: { '200': json(Trace) } }) },
      '/api/v1/traces/{traceId}/summary': {
        get: operation({
          summary: 'A trace without large text, and what goes on in it',
          path: traceId,
          answers: { '200': json(TraceOutline) },
        }),
      },
      '/api/v1/traces/{traceId}/spans/{spanId}': {
        get: operation({
          summary: 'A span whole',
          path: z.object({ traceId: z.string(), spanId: z.string() }),
          answers: { '200': json(Span) },
        }),
      },
    },
  })
}
