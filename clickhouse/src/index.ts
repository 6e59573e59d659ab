export { type ClickHouseClient, type ClickHouseOptions, createClickHouse } from './client.ts'
export { type ClickHouseErrorCode, ClickHouseStoreError } from './errors.ts'
export { CONTENTS, type ContentRow } from './inserts/contents.ts'
export { deleteOldTraces, hasOldTraces, type OldTraces } from './inserts/delete-old-traces.ts'
export { type FailureRow, insertFailures } from './inserts/failures.ts'
export { findPriceChanges, insertPriceChanges, type PriceChangeRow, repeatPriceChanges, rewriteSpans } from './inserts/price-changes.ts'
export { insertRunTexts, type RunTextRow } from './inserts/run-texts.ts'
export { insertRuns, type RunRow } from './inserts/runs.ts'
export { SENT_TEXT_MARK, type SentPiece, type SentText } from './inserts/sent-text.ts'
export { SPAN_ATTRIBUTES, type SpanAttributesRow } from './inserts/span-attributes.ts'
export { SPAN_LOGS, type SpanLogRow } from './inserts/span-logs.ts'
export { billableColumn, SPANS, type SpanRow } from './inserts/spans.ts'
export { insertNative } from './native/insert-native.ts'
export { NativeEncoder } from './native/native-block.ts'
export type { WordColumn } from './native/read-native.ts'
export { countOldTraces } from './queries/count-old-traces.ts'
export {
  type ComparedSides,
  countAttributes,
  findComparedSides,
  type SeenAttribute,
} from './queries/failures/compare-failed.ts'
export type { FailureScope, MergedGroup } from './queries/failures/failure-events.ts'
export { findFailureKinds } from './queries/failures/find-failure-kinds.ts'
export {
  type FailureLoss,
  getFailureLosses,
  getFirstSeen,
  getSinceDecisions,
  type SinceDecision,
} from './queries/failures/get-failure-facts.ts'
export {
  type FailedSpanRow,
  type FailureEventRow,
  type FailurePartRow,
  getFailureUsers,
  getFailureVersions,
  getRunCosts,
  listFailedSpans,
  listFailureEvents,
  listFailureParts,
} from './queries/failures/get-failure-group.ts'
export { type FailureGroupRow, listFailureGroups } from './queries/failures/list-failure-groups.ts'
export { findInTrace } from './queries/find-in-trace.ts'
export { type ComparedSpanColumns, getComparedSpans } from './queries/get-compared-spans.ts'
export { getContents } from './queries/get-contents.ts'
export { getLogLines, type LogLine } from './queries/get-log-lines.ts'
export { getOverview, type Overview } from './queries/get-overview.ts'
export { getProjectedSeq } from './queries/get-projected-seq.ts'
export { getRunSeries, type RunSeries, type RunSeriesRow } from './queries/get-run-series.ts'
export { getRunUsage, getStepUsage, type SpendingSums } from './queries/get-run-usage.ts'
export { getSessionTexts } from './queries/get-session-texts.ts'
export {
  getSessionTurns,
  MOST_TURNS,
  type SessionCall,
  type SessionRun,
  type SessionTurn,
} from './queries/get-session-turns.ts'
export { getSpanBodies, type SpanBody, toSpanBody } from './queries/get-span-bodies.ts'
export { getSpanLinks, type SpanLinks } from './queries/get-span-links.ts'
export { getSpanLogs, type SpanLog } from './queries/get-span-logs.ts'
export {
  countSpansToPrice,
  getSpansToPrice,
  type SpanPosition,
  type SpansToPrice,
  type SpanToPrice,
} from './queries/get-spans-to-price.ts'
export { getTraceColumns, getTraceSums, type TraceColumns, type TraceSums } from './queries/get-trace-columns.ts'
export { getTraceFacets, type TraceFacets } from './queries/get-trace-facets.ts'
export { getTraceHead, type TraceHead } from './queries/get-trace-head.ts'
export { findSpanIds, getTraceSpans } from './queries/get-trace-spans.ts'
export { ACTIVITY_SORTS, type ActivityRow, type ActivitySort, listActivity } from './queries/list-activity.ts'
export { type FailureGroup, listTopFailures } from './queries/list-top-failures.ts'
export { listTraces, type TraceFilter, type TraceRow, type TraceSort } from './queries/list-traces.ts'
export { listUnpriced } from './queries/list-unpriced.ts'
export { COST_COLUMNS, costReport } from './queries/reports/cost-report.ts'
export { FAILURES_COLUMNS, failuresReport } from './queries/reports/failures-report.ts'
export { LATENCY_COLUMNS, latencyReport } from './queries/reports/latency-report.ts'
export type { ReportInput, ReportRow } from './queries/reports/report-query.ts'
export { SAVINGS_COLUMNS, savingsReport } from './queries/reports/savings-report.ts'
export { TOOLS_COLUMNS, toolsReport } from './queries/reports/tools-report.ts'
export { getRerunCosts, type RerunCost } from './queries/run-cost.ts'
export { findRunIds, type RunIdPage, type RunSort } from './queries/runs/find-run-ids.ts'
export { getRunFacets, type RunFacets } from './queries/runs/get-run-facets.ts'
export type { RunCopyCondition, RunCopyFilter } from './queries/runs/run-filter.ts'
export type { RawSpan, SpanSummaryRow } from './queries/span-columns.ts'
export type { CostSums, UsageSums } from './queries/usage-columns.ts'
