import { z } from 'zod'
import { SpanId, Timestamp, TraceId } from './ids.ts'
import { SPAN_KINDS } from './names.ts'
import { Cut } from './span-part.ts'
import { Cost, Usage, Usd } from './usage.ts'
import { OpenSpan } from './worker.ts'

export const SpanKind = z.enum(SPAN_KINDS)
export type SpanKind = z.infer<typeof SpanKind>

export const SpanStatus = z.enum(['unset', 'ok', 'error'])
export type SpanStatus = z.infer<typeof SpanStatus>

export const SpanEvent = z.object({ name: z.string(), time: Timestamp, attributes: z.record(z.string(), z.unknown()) })
export const SpanLink = z.object({ traceId: z.string(), spanId: z.string(), attributes: z.record(z.string(), z.unknown()) })

/** The columns that every vocabulary fills, without the large ones: what lists and waterfalls show. */
export const SpanSummary = z.object({
  traceId: TraceId,
  spanId: SpanId,
  parentSpanId: SpanId.nullable(),
  name: z.string(),
  kind: SpanKind,
  startTime: Timestamp,
  endTime: Timestamp,
  /** Nanoseconds as a decimal string. */
  durationNs: z.string(),
  status: SpanStatus,
  agent: z.string(),
  agentVersion: z.string(),
  provider: z.string(),
  /** Response model if known, else the one asked for. */
  model: z.string(),
  modelRequest: z.string(),
  modelResponse: z.string(),
  operation: z.string(),
  toolName: z.string(),
  toolCallId: z.string(),
  finishReasons: z.array(z.string()),
  usage: Usage,
  cost: Cost,
  priceId: z.string(),
  /** Whether its usage and cost count into sums. */
  billable: z.boolean(),
  /** What it says it saved: a step that came from the step cache, or a context that a summary made shorter. */
  saved: z.object({ by: z.enum(['step_cache', 'compaction']), tokens: z.number().int(), usd: Usd.nullable() }).nullable(),
  /** Milliseconds; null where unknown. */
  timeToFirstTokenMs: z.number().nullable(),
  sessionId: z.string(),
  userId: z.string(),
  tags: z.array(z.string()),
  environment: z.string(),
  service: z.string(),
  serviceVersion: z.string(),
  runId: z.string(),
  execution: z.number().int(),
  stepKey: z.string(),
  errorType: z.string(),
  errorMessage: z.string(),
  errorGroup: z.string(),
  /** Its process died before it ended: `endTime` is when the death was seen. */
  interrupted: z.boolean(),
  inputPreview: z.string(),
  outputPreview: z.string(),
})
export type SpanSummary = z.infer<typeof SpanSummary>

/** A span whole. `input` and `output` are JSON where the sender sent JSON, else text; null where there was none. */
export const Span = SpanSummary.extend({
  input: z.unknown(),
  output: z.unknown(),
  messages: z.unknown(),
  system: z.unknown(),
  toolDefinitions: z.unknown(),
  parameters: z.record(z.string(), z.unknown()),
  metadata: z.record(z.string(), z.unknown()),
  errorStack: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  resource: z.record(z.string(), z.unknown()),
  scope: z.object({ name: z.string(), version: z.string() }),
  events: z.array(SpanEvent),
  links: z.array(SpanLink),
  /** What was left out, where the request said `maxChars`. */
  cuts: z.array(Cut).optional(),
})
export type Span = z.infer<typeof Span>

export const Trace = z.object({ traceId: TraceId, usage: Usage, cost: Cost, spans: z.array(Span) })
export type Trace = z.infer<typeof Trace>

/** A trace without inputs and outputs: what a waterfall draws. */
export const TraceOutline = z.object({
  traceId: TraceId,
  usage: Usage,
  cost: Cost,
  spans: z.array(SpanSummary),
  /** Begun and not ended, as live workers tell it. */
  open: z.array(OpenSpan),
})
export type TraceOutline = z.infer<typeof TraceOutline>

export const ListTraces = z.object({
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  status: SpanStatus.optional(),
  agent: z.string().optional(),
  model: z.string().optional(),
  service: z.string().optional(),
  sessionId: z.string().optional(),
  userId: z.string().optional(),
  environment: z.string().optional(),
  kind: SpanKind.optional(),
  /** `none`: only traces that belong to no run. */
  runs: z.enum(['none']).optional(),
  /** Whether a span of the trace ended in an error. */
  hasErrors: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  /** Milliseconds from the trace's begin to its end. */
  minMs: z.coerce.number().nonnegative().max(1e12).optional(),
  maxMs: z.coerce.number().nonnegative().max(1e12).optional(),
  q: z.string().max(1_000).optional(),
  /** The largest first; where it is left out, the newest. By anything but time, the last day's where no `from` is given. */
  sort: z.enum(['duration', 'tokens', 'cost', 'errors', 'spans']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})
export type ListTraces = z.infer<typeof ListTraces>

export const TraceSummary = z.object({
  traceId: TraceId,
  name: z.string(),
  startTime: Timestamp,
  endTime: Timestamp,
  spans: z.number().int(),
  errors: z.number().int(),
  service: z.string(),
  agent: z.string(),
  runId: z.string(),
  sessionId: z.string(),
  userId: z.string(),
  usage: Usage,
  cost: Cost,
})
export type TraceSummary = z.infer<typeof TraceSummary>

export const TracePage = z.object({ items: z.array(TraceSummary), nextCursor: z.string().nullable() })
export type TracePage = z.infer<typeof TracePage>

export const FindInTrace = z.object({ q: z.string().min(1).max(1_000) })

/** Spans with a text in their inputs, outputs, attributes, events or errors. */
export const FoundInTrace = z.object({
  spanIds: z.array(SpanId),
  /** There are more than are named. */
  truncated: z.boolean(),
})
export type FoundInTrace = z.infer<typeof FoundInTrace>
