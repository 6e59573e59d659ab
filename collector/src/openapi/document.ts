import {
  AddCompaction,
  AddExample,
  AddMessages,
  AskRetention,
  AskScheduleTimes,
  Cached,
  FewShotExport,
  FewShotQuery,
  FewShotSet,
  FindCached,
  GetSession,
  ListUnpriced,
  Price,
  PutPrice,
  PutSchedule,
  PutSession,
  Report,
  ReportName,
  ReportQuery,
  Repricing,
  Retention,
  RetentionPreview,
  Schedule,
  ScheduleTimes,
  Session,
  SessionTail,
  StartRepricing,
  TakenToken,
  TakeToken,
  UnpricedModel,
} from '@cairn/sdk/protocol'
import { z } from 'zod'
import { createDocument } from 'zod-openapi'
import { COMPARE_PATHS } from './compare-paths.ts'
import { FAILURE_PATHS } from './failure-paths.ts'
import { INGEST_PATHS } from './ingest-paths.ts'
import { id, items, json, operation } from './operation.ts'
import { RUN_PATHS } from './run-paths.ts'
import { TRACE_PATHS } from './trace-paths.ts'

const scheduleName = z.object({ name: z.string() })
const set = z.object({ set: z.string() })

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
      ...INGEST_PATHS,
      ...RUN_PATHS,
      ...FAILURE_PATHS,
      ...COMPARE_PATHS,
      '/api/v1/retention': {
        get: operation({ summary: 'How long runs are kept after their end', answers: { '200': json(Retention) } }),
        put: operation({ summary: 'Say how long', body: Retention, answers: { '200': json(Retention) } }),
      },
      '/api/v1/retention/preview': {
        get: operation({
          summary: 'What a retention would delete of what there is now',
          query: AskRetention as z.ZodObject,
          answers: { '200': json(RetentionPreview) },
        }),
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
      '/api/v1/schedule-times': {
        get: operation({
          summary: 'The next times of a cron expression in a zone',
          query: AskScheduleTimes as z.ZodObject,
          answers: { '200': json(ScheduleTimes) },
        }),
      },
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
      ...TRACE_PATHS,
    },
  })
}
