import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { ErrorBody } from './errors.ts'
import { RunId, SpanId, Timestamp } from './ids.ts'
import { LIMITS } from './limits.ts'
import { Name, StoredError } from './run.ts'
import { CacheFor } from './step-cache.ts'
import { Cost, Usage } from './usage.ts'

export const STEP_KINDS = ['step', 'model', 'tool', 'agent', 'signal', 'sleep', 'artifact', 'other'] as const
export const StepKind = z.enum(STEP_KINDS)
export type StepKind = z.infer<typeof StepKind>

export const STEP_STATUSES = ['started', 'succeeded', 'failed', 'interrupted', 'unknown'] as const
export const StepStatus = z.enum(STEP_STATUSES)
export type StepStatus = z.infer<typeof StepStatus>

/** What a resume does with a step of effect `once` that began and of which no outcome is known. */
export const OnInterrupted = z.enum(['rerun', 'ask', 'fail'])
export type OnInterrupted = z.infer<typeof OnInterrupted>

export const StepKey = z.string().min(1).max(LIMITS.stepKeyChars)

/** A stored step outcome, as `GET /api/v1/runs/{id}/steps` lists it. */
export const Step = z.object({
  key: StepKey,
  name: z.string(),
  kind: StepKind,
  status: StepStatus,
  attempt: z.number().int().positive(),
  /** Execution that ran it; 0 for a step that a fork took over from its origin. */
  execution: z.number().int().nonnegative(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  output: EncodedValue,
  error: StoredError.nullable(),
  spanId: SpanId.nullable(),
  inputFingerprint: z.string().nullable(),
  childRunId: RunId.nullable(),
  /** Set on a step of effect `once`; with status `unknown` nobody knows whether it took place. */
  onInterrupted: OnInterrupted.nullable(),
  /** A person chose its output when the run was resumed or forked; left out where code gave it. */
  givenByHand: z.literal(true).optional(),
  usage: Usage,
  cost: Cost,
})
export type Step = z.infer<typeof Step>

/** A step outcome on its way to the collector. */
export const Checkpoint = z.object({
  runId: RunId,
  execution: z.number().int().positive(),
  key: StepKey,
  name: Name.optional(),
  kind: StepKind.default('step'),
  status: z.enum(['started', 'succeeded', 'failed']).default('succeeded'),
  attempt: z.number().int().positive().default(1),
  startedAt: Timestamp.optional(),
  endedAt: Timestamp.optional(),
  output: EncodedValue.optional(),
  error: StoredError.optional(),
  spanId: SpanId.optional(),
  inputFingerprint: z.string().max(200).optional(),
  childRunId: RunId.optional(),
  /** With `started`: the body has an effect that must not happen twice unasked. */
  onInterrupted: OnInterrupted.optional(),
  /** RFC 6902 changes of `run.state` since the last checkpoint. */
  statePatch: z.array(z.unknown()).optional(),
  cache: CacheFor.optional(),
})
export type Checkpoint = z.infer<typeof Checkpoint>

/** An item that the agent emitted, for the run's event stream. */
export const EmittedItem = z.object({
  runId: RunId,
  execution: z.number().int().positive(),
  name: Name,
  data: EncodedValue,
  /** The sender's own number of it in this execution: sent again after an answer was lost, it is stored once. */
  id: z.number().int().min(1).max(2_147_483_647).optional(),
})
export type EmittedItem = z.infer<typeof EmittedItem>

export const CheckpointBatch = z.object({
  checkpoints: z.array(Checkpoint).max(LIMITS.checkpointsPerRequest).default([]),
  emitted: z.array(EmittedItem).max(LIMITS.checkpointsPerRequest).default([]),
})
export type CheckpointBatch = z.infer<typeof CheckpointBatch>

export const RunControl = z.enum(['pause', 'cancel'])
export type RunControl = z.infer<typeof RunControl>

export const CheckpointResult = z.object({
  runId: RunId,
  key: z.string(),
  /** 200 stored (or stored before with the same output), 409 refused, 404 no such run. */
  status: z.number().int(),
  duplicate: z.boolean().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  /** What a person asked of the run since its last checkpoint. */
  control: RunControl.nullable(),
})
export type CheckpointResult = z.infer<typeof CheckpointResult>

/** `results` answers `checkpoints` in their order; `emitted` answers the emitted items. */
export const CheckpointAnswer = z.object({ results: z.array(CheckpointResult), emitted: z.array(CheckpointResult) })
export type CheckpointAnswer = z.infer<typeof CheckpointAnswer>

/** Answer to one frame of the checkpoint socket, by its id. */
export const StoredBatch = CheckpointAnswer.extend({ id: z.number().int(), error: ErrorBody.shape.error.optional() })
export type StoredBatch = z.infer<typeof StoredBatch>
