export { Artifact } from './artifact.ts'
export { BULK_ACTIONS, BulkAction, BulkResume, ResumeRuns, StartBulkAction } from './bulk.ts'
export { ClaimAnswer, ClaimedRun, ClaimRequest, CreateAnswerClaim, ReplayedStep, ServedAgent } from './claim.ts'
export {
  ComparedDifference,
  ComparedField,
  ComparedItem,
  ComparedRow,
  ComparedSide,
  CompareRuns,
  CompareTraces,
  Comparison,
  ComparisonHighlight,
  ComparisonSuggestion,
  ComparisonVerdict,
} from './compare.ts'
export { EncodedValue } from './encoded-value.ts'
export { ERROR_CODES, ErrorBody, ErrorCode, HTTP_STATUS } from './errors.ts'
export { RunEvent } from './event.ts'
export {
  DecideFailure,
  FailureChange,
  FailureDecided,
  FailureDifferences,
  FailureExample,
  FailureGroup,
  FailureGroupId,
  FailurePage,
  FailureRange,
  FailureState,
  FailureSummary,
  FingerprintPreview,
  FingerprintRules,
  ListFailures,
  MergeFailures,
  MessagePiece,
  PutFingerprintRules,
  StoredFingerprintRules,
} from './failure.ts'
export { AddExample, FewShotExample, FewShotExport, FewShotQuery, FewShotSet } from './few-shot.ts'
export { isRunId, isTraceId } from './id-shapes.ts'
export { RunId, SpanId, Timestamp, TraceId, WorkerId } from './ids.ts'
export { LIMITS } from './limits.ts'
export { LogLine, LogLines } from './log-line.ts'
export {
  ENDED_STATUSES,
  FAILURE_SORTS,
  FAILURE_STATES,
  RESUMABLE_STATUSES,
  RUN_EXPORT_FORMATS,
  RUN_SORTS,
  RUN_STATUSES,
  SPAN_KINDS,
} from './names.ts'
export { NO_COST, NO_USAGE } from './no-usage.ts'
export { ListUnpriced, Price, PriceParts, PutPrice, Repricing, StartRepricing, UnpricedModel } from './price.ts'
export { TakenToken, TakeToken } from './rate-limit.ts'
export { REPORT_DIMENSIONS, REPORTS, Report, ReportDimension, ReportName, ReportQuery } from './report.ts'
export { AskRetention, Retention, RetentionPreview } from './retention.ts'
export {
  ConcurrencyLimit,
  ControlRun,
  CreateRun,
  Execution,
  ExportRuns,
  ForkRun,
  ListRuns,
  Name,
  RateLimit,
  RecoveryPolicy,
  ResumePreview,
  ResumeRun,
  RUN_FACETS,
  Run,
  RunFacets,
  RunFilter,
  RunOutcome,
  RunPage,
  RunQueryFilter,
  RunQueueing,
  RunState,
  RunStateDiff,
  RunStatus,
  RunSummary,
  StepOverride,
  StoredError,
} from './run.ts'
export type { Place, QueryError, QueryTerm, QueryValue, RunQuery } from './run-query/ast.ts'
export { type Completion, completeRunQuery, type KnownValue, type Suggestion } from './run-query/complete.ts'
export { type RunCondition, type RunRange, type TextValue, toRunConditions } from './run-query/conditions.ts'
export { RUN_QUERY_FIELD_NAMES, RUN_QUERY_FIELDS, type RunQueryField } from './run-query/fields.ts'
export { parseRunQuery, RUN_QUERY_LIMITS } from './run-query/parse.ts'
export { printRunQuery, printText } from './run-query/print.ts'
export { AskScheduleTimes, PutSchedule, Schedule, ScheduleTimes } from './schedule.ts'
export { AddCompaction, AddMessages, Compaction, GetSession, Message, PutSession, Session, SessionTail } from './session.ts'
export { Cut, ReadSpan, ReadSpanPart, SpanPart } from './span-part.ts'
export {
  makeSpanColumns,
  pickSpanColumns,
  SPAN_FLAGS,
  type SpanColumns,
  type SpanTable,
  type SpanTableMeta,
  sliceSpanColumns,
} from './span-table.ts'
export { encodeSpanTable, SPAN_TABLE_TYPE, SpanTableReader } from './span-table-codec.ts'
export {
  Checkpoint,
  CheckpointAnswer,
  CheckpointBatch,
  CheckpointResult,
  EmittedItem,
  OnInterrupted,
  RunControl,
  STEP_KINDS,
  STEP_STATUSES,
  Step,
  StepKey,
  StepKind,
  StepStatus,
  StoredBatch,
} from './step.ts'
export { Cached, type CacheFor, FindCached } from './step-cache.ts'
export {
  FindInTrace,
  FoundInTrace,
  ListTraces,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
  SpanSummary,
  Trace,
  TraceOutline,
  TracePage,
  TraceSummary,
} from './trace.ts'
export { ReadTranscript, Transcript, TranscriptItem, TranscriptMessage } from './transcript.ts'
export { Cost, Usage, Usd } from './usage.ts'
export { decodeValue, encodeValue, type JsonValue, UnstorableValueError } from './values.ts'
export { HeldRun, OpenSpan, WorkerCommand, WorkerInfo, WorkerMessage } from './worker.ts'
