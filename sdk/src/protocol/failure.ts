import { z } from 'zod'
import { RunId, SpanId, Timestamp, TraceId } from './ids.ts'
import { LIMITS } from './limits.ts'
import { FAILURE_SORTS, FAILURE_STATES } from './names.ts'
import { Usd } from './usage.ts'

/** Fingerprint of a cause: errors that differ only in what varies share it. */
export const FailureGroupId = z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits')
export type FailureGroupId = z.infer<typeof FailureGroupId>

export const FailureState = z.enum(FAILURE_STATES)
export type FailureState = z.infer<typeof FailureState>

const Actor = z.string().max(200).optional()
const Note = z.string().max(2_000).optional()
const count = z.number().int().nonnegative()

/** What counts in a fingerprint, beside the error's type, which always does. */
export const FingerprintRules = z.object({
  /** Its message, without what varies. */
  message: z.boolean().default(true),
  step: z.boolean().default(true),
  agent: z.boolean().default(true),
  /** RE2 expressions (no look-around, no back-references), replaced in order before numbers, ids and quoted text are. */
  patterns: z
    .array(z.object({ pattern: z.string().min(1).max(200), replacement: z.string().min(1).max(40).default('<…>') }))
    .max(10)
    .default([]),
})
export type FingerprintRules = z.infer<typeof FingerprintRules>

/** A piece of a message: what stands in the fingerprint, and the text that it stands for where it was replaced. */
export const MessagePiece = z.object({ text: z.string(), replaced: z.string().nullable() })
export type MessagePiece = z.infer<typeof MessagePiece>

export const ListFailures = z.object({
  state: FailureState.optional(),
  agent: z.string().max(LIMITS.nameChars).optional(),
  version: z.string().max(LIMITS.nameChars).optional(),
  /** Default: 7 days before `to`. */
  from: Timestamp.optional(),
  /** Default: now. */
  to: Timestamp.optional(),
  /** Text sought in type, message, agent and step. */
  q: z.string().max(1_000).optional(),
  sort: z.enum(FAILURE_SORTS).default('lastSeen'),
  limit: z.coerce.number().int().min(1).max(LIMITS.pageItems).default(50),
  cursor: z.string().max(500).optional(),
})
export type ListFailures = z.infer<typeof ListFailures>

/** A group of failures in a range of time. */
export const FailureSummary = z.object({
  group: FailureGroupId,
  state: FailureState,
  /** It had been resolved, and failed again then. */
  regression: z.boolean(),
  errorType: z.string(),
  /** Of the newest. */
  errorMessage: z.string(),
  agent: z.string(),
  step: z.string(),
  /** Failures: executions of runs, and traces that belong to none. */
  count,
  /** Runs among them; 0: of traces that belong to no run, so there is nothing to resume. */
  runs: count,
  /** Traces that belong to no run among them. */
  traces: count,
  /** First ever, as far as it is kept. */
  firstSeen: Timestamp,
  lastSeen: Timestamp,
  /** Newest first, at most 5. */
  versions: z.array(z.string()),
  /** Failures by interval of the range. */
  trend: z.array(count),
  /** US dollars of what these runs wasted, the priced part; null: nothing of it has a price. */
  lost: Usd.nullable(),
  /** Billable calls without a price among it. */
  unpriced: count,
  users: count,
  sessions: count,
  /** Groups that were merged into it. */
  merged: count,
  /** What was decided last; null: nothing, so it is open. */
  decision: z
    .object({
      actor: z.string().nullable(),
      note: z.string().nullable(),
      at: Timestamp,
      inVersion: z.string().nullable(),
      untilTime: Timestamp.nullable(),
      /** Failures that are still to come before it opens. */
      left: z.number().int().nullable(),
    })
    .nullable(),
})
export type FailureSummary = z.infer<typeof FailureSummary>

export const FailurePage = z.object({
  items: z.array(FailureSummary),
  nextCursor: z.string().nullable(),
  /** Groups of each state under the same filter. */
  counts: z.object({ open: count, resolved: count, muted: count }),
  from: Timestamp,
  to: Timestamp,
  /** Length of an interval of `trend`, in seconds. */
  intervalSeconds: z.number().int(),
  /** There are more groups than are looked at: the rarest are left out. */
  truncated: z.boolean(),
})
export type FailurePage = z.infer<typeof FailurePage>

/** A failure that stands for its group, with a way to its cause. */
export const FailureExample = z.object({
  /** Null: its trace belongs to no run. */
  runId: RunId.nullable(),
  traceId: TraceId,
  /** The span that failed; null: none was sent. */
  spanId: SpanId.nullable(),
  failedAt: Timestamp,
  agent: z.string(),
  version: z.string(),
  step: z.string(),
  errorMessage: z.string(),
  durationMs: z.number().nullable(),
  /** US dollars; null where a price is missing. */
  cost: Usd.nullable(),
})
export type FailureExample = z.infer<typeof FailureExample>

export const FailureChange = z.object({
  change: z.enum(['open', 'resolved', 'muted', 'regressed', 'unmuted', 'merged', 'unmerged']),
  /** Null: it happened by itself. */
  actor: z.string().nullable(),
  note: z.string().nullable(),
  details: z.object({
    inVersion: z.string().optional(),
    untilTime: z.string().optional(),
    untilCount: z.number().optional(),
    version: z.string().optional(),
    groups: z.array(z.string()).optional(),
  }),
  at: Timestamp,
})
export type FailureChange = z.infer<typeof FailureChange>

export const FailureGroup = FailureSummary.extend({
  from: Timestamp,
  to: Timestamp,
  intervalSeconds: z.number().int(),
  byVersion: z.array(z.object({ version: z.string(), count, firstSeen: Timestamp, lastSeen: Timestamp })),
  /** Who met it most, at most 5; the empty name is left out. */
  topUsers: z.array(z.object({ id: z.string(), count })),
  /** What its fingerprint is made of, by the newest failure. */
  fingerprint: z.object({
    errorType: z.string(),
    message: z.array(MessagePiece),
    agent: z.string(),
    step: z.string(),
    rules: FingerprintRules,
    /** False: it was made under other rules than now hold, so a failure like it would be of another group. */
    isCurrent: z.boolean(),
  }),
  /** Runs that can be resumed now. */
  resumable: count,
  examples: z.object({ newest: FailureExample.nullable(), typical: FailureExample.nullable(), cheapest: FailureExample.nullable() }),
  /** Groups that were merged into it. */
  parts: z.array(z.object({ group: FailureGroupId, errorType: z.string(), errorMessage: z.string(), count })),
  /** Newest first, at most 50. */
  history: z.array(FailureChange),
})
export type FailureGroup = z.infer<typeof FailureGroup>

export const FailureRange = z.object({ from: Timestamp.optional(), to: Timestamp.optional() })
export type FailureRange = z.infer<typeof FailureRange>

export const DecideFailure = z
  .object({
    state: FailureState,
    actor: Actor,
    note: Note,
    /** With resolved: the version that has the remedy. Older ones that fail again don't open it. */
    inVersion: z.string().min(1).max(LIMITS.nameChars).optional(),
    /** With muted: until then. */
    untilTime: Timestamp.optional(),
    /** With muted: until so many more. */
    untilCount: z.number().int().min(1).max(1_000_000_000).optional(),
    /** With open: it had been resolved, and failed again. For whoever takes back what was decided since. */
    regression: z.boolean().optional(),
  })
  .refine((d) => d.inVersion === undefined || d.state === 'resolved', { path: ['inVersion'], message: 'goes with state resolved only' })
  .refine((d) => (d.untilTime === undefined && d.untilCount === undefined) || d.state === 'muted', {
    path: ['untilTime'],
    message: 'untilTime and untilCount go with state muted only',
  })
  .refine((d) => d.regression !== true || d.state === 'open', { path: ['regression'], message: 'goes with state open only' })
export type DecideFailure = z.infer<typeof DecideFailure>

export const FailureDecided = FailureSummary.pick({ group: true, state: true, regression: true, decision: true })
export type FailureDecided = z.infer<typeof FailureDecided>

export const MergeFailures = z.object({ groups: z.array(FailureGroupId).min(1).max(100), actor: Actor })
export type MergeFailures = z.infer<typeof MergeFailures>

export const FailureDifferences = z.object({
  /** How many runs or traces were compared, of how many there are. */
  failed: z.object({ looked: count, total: count }),
  good: z.object({ looked: count, total: count }),
  /** Most telling first; then up to 10 of p over 0.2, which most of the failed and few of the good have: too few to prove it. */
  rows: z.array(
    z.object({
      /** version, user, session, tag, hour, inputSize, model, tool, service, serviceVersion, environment, step, metadata.*, attribute.* */
      attribute: z.string(),
      value: z.string(),
      /** How many of those that were compared have it. */
      failed: count,
      good: count,
      /** So many times as frequent among the failed; smoothed, so that few prove little. */
      lift: z.number(),
      /** That chance alone makes such a difference, by Fisher's exact test, times the attributes looked at (Bonferroni). */
      p: z.number(),
      /** Bits that it tells of whether a run fails. */
      bits: z.number(),
    }),
  ),
})
export type FailureDifferences = z.infer<typeof FailureDifferences>

export const PutFingerprintRules = FingerprintRules.extend({
  actor: Actor,
  /** Present groups become parts of those that their next failures will be of. */
  carryOver: z.boolean().default(true),
})
export type PutFingerprintRules = z.infer<typeof PutFingerprintRules>

export const StoredFingerprintRules = FingerprintRules.extend({ actor: z.string().nullable(), updatedAt: Timestamp.nullable() })
export type StoredFingerprintRules = z.infer<typeof StoredFingerprintRules>

/** How present groups would fall together under other rules: those that would be one, and those that would stay alone are counted. */
export const FingerprintPreview = z.object({
  looked: count,
  alone: count,
  together: z.array(
    z.object({
      group: FailureGroupId,
      message: z.array(MessagePiece),
      parts: z.array(
        z.object({ group: FailureGroupId, errorType: z.string(), errorMessage: z.string(), agent: z.string(), step: z.string(), count }),
      ),
    }),
  ),
})
export type FingerprintPreview = z.infer<typeof FingerprintPreview>
