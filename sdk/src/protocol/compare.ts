import { z } from 'zod'
import { RunId, SpanId, Timestamp, TraceId } from './ids.ts'
import { Usd } from './usage.ts'

const execution = z.coerce.number().int().positive().optional()

/** What to compare of two runs, or of two executions of one. Differences are always side B less side A. */
export const CompareRuns = z.object({
  /** Only this execution of the first run; left out: the run as it stands. */
  executionA: execution,
  executionB: execution,
  by: z.enum(['step', 'span']).default('step'),
  /** `changed` leaves out the rows without a difference; the totals still count them. */
  only: z.enum(['changed']).optional(),
  /** At most so many rows. */
  limit: z.coerce.number().int().min(1).max(50_000).default(50_000),
})
export type CompareRuns = z.infer<typeof CompareRuns>

export const CompareTraces = CompareRuns.pick({ only: true, limit: true })
export type CompareTraces = z.infer<typeof CompareTraces>

/** `shared`: both sides have the very same checkpoint. `same`: each did it anew, and nothing that counts differs. */
export const ComparisonVerdict = z.enum(['shared', 'same', 'changed', 'added', 'removed'])
export type ComparisonVerdict = z.infer<typeof ComparisonVerdict>

export const ComparedField = z.enum(['status', 'error', 'input', 'output', 'model', 'parameters', 'attempts'])
export type ComparedField = z.infer<typeof ComparedField>

/** Side B less side A. */
export const ComparedDifference = z.object({
  /** Null where a side has no duration yet. */
  durationMs: z.number().nullable(),
  /** B's duration over A's; null where there is none, or A took no time. */
  durationRatio: z.number().nullable(),
  tokens: z.number().int(),
  /** Null: a price is missing. */
  costUsd: Usd.nullable(),
})
export type ComparedDifference = z.infer<typeof ComparedDifference>

/** A step or span of one side. Fields that say nothing are left out. */
export const ComparedItem = z.object({
  status: z.string(),
  /** Milliseconds after the side began. */
  startMs: z.number().optional(),
  durationMs: z.number().optional(),
  tokens: z.number().int().optional(),
  /** Left out where it costs nothing by itself; null: a price is missing. */
  costUsd: Usd.nullable().optional(),
  model: z.string().optional(),
  attempts: z.number().int().optional(),
  error: z.object({ type: z.string(), message: z.string() }).optional(),
  /** It came back from a checkpoint: this side did not run it. */
  replayed: z.literal(true).optional(),
  /** A person chose its output: nothing was run for it, so that its time and cost say nothing beside the other side's. */
  givenByHand: z.literal(true).optional(),
  /** Where its texts are. Trace and run are left out where they are those of the side. */
  traceId: TraceId.optional(),
  spanId: SpanId.optional(),
  runId: RunId.optional(),
  step: z.string().optional(),
})
export type ComparedItem = z.infer<typeof ComparedItem>

export const ComparedRow = z.object({
  /** Its own in this comparison, and the same when it is asked for again. */
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  /** 0 at the top; children follow their parent. */
  depth: z.number().int(),
  verdict: ComparisonVerdict,
  /** What differs, of a changed one. */
  changes: z.array(ComparedField).optional(),
  /** At least half as much time again (or less), and 50 ms. */
  speed: z.enum(['slower', 'faster']).optional(),
  /** At least a tenth more (or less). */
  price: z.enum(['dearer', 'cheaper']).optional(),
  a: ComparedItem.optional(),
  b: ComparedItem.optional(),
  /** Left out where both sides share a checkpoint. */
  difference: ComparedDifference.optional(),
})
export type ComparedRow = z.infer<typeof ComparedRow>

export const ComparedSide = z.object({
  runId: RunId.nullable(),
  traceId: TraceId,
  /** Null: the whole run, or a trace without one. */
  execution: z.number().int().nullable(),
  /** Executions that the run has had. */
  executions: z.number().int(),
  name: z.string(),
  version: z.string().nullable(),
  status: z.string(),
  error: z.object({ type: z.string(), message: z.string() }).nullable(),
  startedAt: Timestamp.nullable(),
  /** Null while it goes on. */
  durationMs: z.number().nullable(),
  tokens: z.number().int(),
  /** Null: a price is missing. */
  costUsd: Usd.nullable(),
  /** Steps or spans, as the comparison is by. */
  items: z.number().int(),
})
export type ComparedSide = z.infer<typeof ComparedSide>

/** What to look at first. `text` says it whole. */
export const ComparisonHighlight = z.object({
  kind: z.enum(['first_difference', 'new_error', 'error_gone', 'slower', 'faster', 'dearer', 'cheaper']),
  rowId: z.string(),
  text: z.string(),
})
export type ComparisonHighlight = z.infer<typeof ComparisonHighlight>

export const Comparison = z.object({
  by: z.enum(['step', 'span']),
  /** How the runs belong together: `fork`: one was forked from the other, `forks`: both from one; `executions`: of one run. */
  relation: z.enum(['none', 'executions', 'fork', 'forks']),
  a: ComparedSide,
  b: ComparedSide,
  difference: ComparedDifference,
  totals: z.object({
    shared: z.number().int(),
    same: z.number().int(),
    changed: z.number().int(),
    added: z.number().int(),
    removed: z.number().int(),
    slower: z.number().int(),
    faster: z.number().int(),
    dearer: z.number().int(),
    cheaper: z.number().int(),
  }),
  /** What matters most first. */
  highlights: z.array(ComparisonHighlight),
  /** In the order of side A; what only B has stands behind what came before it there. */
  rows: z.array(ComparedRow),
  /** Rows that `only` and `limit` left out. */
  rowsLeftOut: z.number().int(),
})
export type Comparison = z.infer<typeof Comparison>

const SuggestedSide = z.object({
  runId: RunId,
  execution: z.number().int().nullable(),
  agent: z.string(),
  version: z.string().nullable(),
  status: z.string(),
  createdAt: Timestamp,
})

/** Two sides that are worth comparing, the older or better one first. */
export const ComparisonSuggestion = z.object({
  kind: z.enum(['execution', 'origin', 'fork', 'good']),
  text: z.string(),
  a: SuggestedSide,
  b: SuggestedSide,
})
export type ComparisonSuggestion = z.infer<typeof ComparisonSuggestion>
