import { z } from 'zod'
import { RunId, Timestamp } from './ids.ts'
import { Name, RunFilter, RunQueryFilter } from './run.ts'

/** Bulk resume: the resumable runs of a filter, at most `perSecond` a second. */
export const ResumeRuns = RunFilter.extend({
  perSecond: z.number().min(0.001).max(1_000).default(10),
  actor: z.string().max(200).optional(),
  reason: z.string().max(2_000).optional(),
})
export type ResumeRuns = z.infer<typeof ResumeRuns>

/** How resumed runs stand now; those that are paused or cancelled again are in none. */
const ResumeOutcomes = z.object({
  succeeded: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  /** Queued, running or waiting. */
  unfinished: z.number().int().nonnegative(),
})

/** How far a bulk resume is: what is left of `matched` is still to come, unless it has ended. */
export const BulkResume = z.object({
  id: z.string(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  perSecond: z.number(),
  matched: z.number().int().nonnegative(),
  resumed: z.number().int().nonnegative(),
  /** Not resumable any more when their turn came. */
  skipped: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  /** The first failures. */
  errors: z.array(z.object({ runId: RunId, message: z.string() })),
  createdAt: Timestamp,
  endedAt: Timestamp.nullable(),
  /** Null: it was asked for over a day ago. */
  outcomes: ResumeOutcomes.nullable().default(null),
})
export type BulkResume = z.infer<typeof BulkResume>

export const BULK_ACTIONS = ['resume', 'cancel', 'promote'] as const

/** Something done to many runs: those of `ids`, or else all of a filter that it can be done to. */
export const StartBulkAction = RunQueryFilter.extend({
  action: z.enum(BULK_ACTIONS),
  ids: z.array(RunId).min(1).max(10_000).optional(),
  perSecond: z.number().min(0.001).max(1_000).default(10),
  /** How long nothing is touched yet, so that it can be taken back: milliseconds. */
  undoMs: z.number().int().min(0).max(600_000).default(0),
  /** Of `promote`: the few-shot set. */
  set: Name.optional(),
  actor: z.string().max(200).optional(),
  reason: z.string().max(2_000).optional(),
})
export type StartBulkAction = z.infer<typeof StartBulkAction>

export const BulkAction = z.object({
  id: z.string(),
  action: z.enum(BULK_ACTIONS),
  set: z.string().nullable(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  perSecond: z.number(),
  matched: z.number().int().nonnegative(),
  done: z.number().int().nonnegative(),
  /** It could not be done to them any more when their turn came. */
  skipped: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  /** The first failures. */
  errors: z.array(z.object({ runId: RunId, message: z.string() })),
  createdAt: Timestamp,
  /** Before it nothing is touched. */
  startsAt: Timestamp,
  endedAt: Timestamp.nullable(),
  /** When what it did was taken back. */
  undoneAt: Timestamp.nullable(),
  /** Null: of what resumes nothing, or was asked for over a day ago. */
  outcomes: ResumeOutcomes.nullable().default(null),
})
export type BulkAction = z.infer<typeof BulkAction>
