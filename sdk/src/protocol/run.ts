import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { RunId, SpanId, Timestamp, TraceId, WorkerId } from './ids.ts'
import { LIMITS } from './limits.ts'
import { RUN_EXPORT_FORMATS, RUN_SORTS, RUN_STATUSES } from './names.ts'
import { Cost, Usage, Usd } from './usage.ts'

export const RunStatus = z.enum(RUN_STATUSES)
export type RunStatus = z.infer<typeof RunStatus>

export const Name = z.string().min(1).max(LIMITS.nameChars)

/** An error as stored with a step, a run or a span. */
export const StoredError = z.object({
  type: z.string(),
  message: z.string(),
  stack: z.string().optional(),
  /** What the code threw as `cause`, one level. */
  cause: z.string().optional(),
})
export type StoredError = z.infer<typeof StoredError>

export const RecoveryPolicy = z.object({
  /** `auto`: another worker takes the run over; `manual`: it waits for a person. */
  mode: z.enum(['auto', 'manual']).default('auto'),
  /** Crashes in a row without a new checkpoint, after which the run is paused as stalled. */
  maxAttempts: z.number().int().min(1).max(1_000).default(3),
  /** First wait before a takeover, in milliseconds; doubles with each crash, at most a minute. */
  backoffMs: z.number().int().min(0).max(60_000).default(500),
})
export type RecoveryPolicy = z.infer<typeof RecoveryPolicy>

/** How many runs of an agent go on at the same time, over all workers; runs with a key share one limit with those of that key. */
export const ConcurrencyLimit = z.object({ limit: z.number().int().min(1).max(1_000_000) })
export type ConcurrencyLimit = z.infer<typeof ConcurrencyLimit>

/** A token bucket: `limit` at once, then one each `periodMs / limit`. */
export const RateLimit = z.object({
  limit: z.number().int().min(1).max(1_000_000),
  periodMs: z.number().min(1).max(LIMITS.ratePeriodMs),
})
export type RateLimit = z.infer<typeof RateLimit>

/** What orders and limits the claim of a run. */
export const RunQueueing = z.object({
  /** Higher first among the runs that can be claimed. */
  priority: z.number().int().min(-LIMITS.priority).max(LIMITS.priority).optional(),
  /** Runs of one key share the agent's concurrency limit; those without share one too. */
  concurrencyKey: Name.optional(),
  /** Runs of one key share the agent's rate limit; those without share one too. */
  rateLimitKey: Name.optional(),
})

export const CreateRun = RunQueueing.extend({
  /** With `claim`, of a run that its worker had to start while the collector was away: the ids that it gave it. */
  id: RunId.optional(),
  traceId: TraceId.optional(),
  agent: Name,
  input: EncodedValue.optional(),
  version: Name.optional(),
  sessionId: Name.optional(),
  userId: Name.optional(),
  tags: z.array(Name).max(LIMITS.tagsPerRun).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  idempotencyKey: z.string().min(1).max(500).optional(),
  runAt: Timestamp.optional(),
  /** The run starts at once in this worker, instead of waiting in the queue. */
  claim: z
    .object({
      workerId: WorkerId,
      version: Name,
      recovery: RecoveryPolicy.optional(),
      codeRevision: z.string().max(200).optional(),
      /** Declared number of steps, as in ServedAgent. */
      steps: z.number().int().positive().optional(),
    })
    .optional(),
  /** The run is a child: same trace, under this step's span. */
  parent: z
    .object({
      runId: RunId,
      execution: z.number().int().positive(),
      stepKey: z.string().max(LIMITS.stepKeyChars),
      spanId: SpanId.optional(),
    })
    .optional(),
})
export type CreateRun = z.infer<typeof CreateRun>

export const Execution = z.object({
  number: z.number().int().positive(),
  version: z.string().nullable(),
  codeRevision: z.string().nullable(),
  workerId: z.string().nullable(),
  /** Root span of this execution, once the worker has said it. */
  rootSpanId: SpanId.nullable(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  /** How it ended; null while it goes on. */
  outcome: RunStatus.nullable(),
  /** Who asked for it and why: null for a first start. */
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  /** Steps that came back from their checkpoints instead of running again. */
  replayedSteps: z.number().int().nonnegative(),
})
export type Execution = z.infer<typeof Execution>

export const Run = z.object({
  id: RunId,
  traceId: TraceId,
  agent: z.string(),
  version: z.string().nullable(),
  status: RunStatus,
  /** The number of the current or last execution; 0 before the first. */
  execution: z.number().int().nonnegative(),
  input: EncodedValue,
  output: EncodedValue,
  error: StoredError.nullable(),
  state: EncodedValue,
  /** `total` where the agent declared it. */
  steps: z.object({ done: z.number().int(), total: z.number().int().optional() }),
  /** Step that ran when the run failed or crashed. */
  failedStep: z.string().nullable(),
  errorGroup: z.string().nullable(),
  /** Why it has this status, for people. */
  statusReason: z.string().nullable(),
  /** Who asked for this status: a member's address, a key's name, or `collector`. */
  statusActor: z.string().nullable().default(null),
  /** What its worker was asked to do and has not done yet. */
  control: z.enum(['pause', 'cancel']).nullable().default(null),
  usage: Usage,
  cost: Cost,
  /** US dollars that this run's crashes and failures wasted, with the runs it called: the priced part. */
  lost: Usd,
  /** Nothing of it has a price: what was lost is unknown, not 0. */
  lostUnpriced: z.boolean().default(false),
  /** US dollars of finished steps that came back from checkpoints. */
  saved: Usd,
  /** Higher first among the runs that can be claimed. */
  priority: z.number().int().default(0),
  concurrencyKey: z.string().nullable().default(null),
  sessionId: z.string().nullable(),
  userId: z.string().nullable(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  parentRunId: RunId.nullable(),
  parentStepKey: z.string().nullable(),
  forkedFrom: z.object({ runId: RunId, step: z.string() }).nullable(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  executions: z.array(Execution),
})
export type Run = z.infer<typeof Run>

/** A row of a list: a run without its large values. */
export const RunSummary = Run.omit({ input: true, output: true, state: true, executions: true, metadata: true })
export type RunSummary = z.infer<typeof RunSummary>

const list = <T extends z.ZodType>(item: T) => z.preprocess((v) => (typeof v === 'string' ? v.split(',') : v), z.array(item))

export const RunFilter = z.object({
  status: list(RunStatus).optional(),
  agent: z.string().optional(),
  version: z.string().optional(),
  sessionId: z.string().optional(),
  userId: z.string().optional(),
  tag: z.string().optional(),
  errorGroup: z.string().optional(),
  /** Runs of sub-agents that this run called. */
  parentRunId: RunId.optional(),
  /** `true`: only runs that no other run called. */
  topLevel: z.union([z.boolean(), z.stringbool()]).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  /** Text sought in agent, id, input, output and error. */
  q: z.string().max(1_000).optional(),
})
export type RunFilter = z.infer<typeof RunFilter>

/** A filter, and a query beside it: both must let a run through. */
export const RunQueryFilter = RunFilter.extend({
  /** As `status:crashed,failed cost:>0.5 -tag:test "refund policy"`. */
  query: z.string().max(10_000).optional(),
})
export type RunQueryFilter = z.infer<typeof RunQueryFilter>

export const ListRuns = RunQueryFilter.extend({
  sort: z.enum(RUN_SORTS).default('started'),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(LIMITS.pageItems).default(50),
  cursor: z.string().max(500).optional(),
})
export type ListRuns = z.infer<typeof ListRuns>

export const RunPage = z.object({ items: z.array(RunSummary), nextCursor: z.string().nullable() })
export type RunPage = z.infer<typeof RunPage>

export const RUN_FACETS = ['status', 'agent', 'version', 'error', 'tag', 'user', 'session'] as const

/** How many runs of a filter there are, by what and when. Each facet is counted under the filter without its own condition. */
export const RunFacets = z.object({
  matched: z.number().int().nonnegative(),
  /** The most frequent values of each, at most 30. */
  facets: z.record(z.enum(RUN_FACETS), z.array(z.object({ value: z.string(), count: z.number().int() }))),
  histogram: z.object({
    /** Null where nothing matches. */
    from: Timestamp.nullable(),
    bucketMs: z.number().int().positive(),
    buckets: z.array(z.object({ at: Timestamp, ok: z.number().int(), bad: z.number().int(), other: z.number().int() })),
  }),
})
export type RunFacets = z.infer<typeof RunFacets>

export const ExportRuns = ListRuns.omit({ limit: true, cursor: true }).extend({ format: z.enum(RUN_EXPORT_FORMATS).default('jsonl') })
export type ExportRuns = z.infer<typeof ExportRuns>

export const StepOverride = z.union([
  z.object({ step: z.string().max(LIMITS.stepKeyChars), output: EncodedValue }),
  z.object({ step: z.string().max(LIMITS.stepKeyChars), retry: z.literal(true) }),
])
export type StepOverride = z.infer<typeof StepOverride>

export const ResumeRun = z.object({
  overrides: z.array(StepOverride).max(1_000).optional(),
  input: EncodedValue.optional(),
  version: Name.optional(),
  actor: z.string().max(200).optional(),
  reason: z.string().max(2_000).optional(),
})
export type ResumeRun = z.infer<typeof ResumeRun>

/** What a resume would do, before anything happens. */
export const ResumePreview = z.object({
  resumable: z.boolean(),
  /** Why not, for people. */
  reason: z.string().nullable(),
  fromExecution: z.number().int(),
  /** Steps that come back from checkpoints. */
  replays: z.array(z.object({ key: z.string(), kind: z.string(), cost: Cost })),
  /** Steps known to run again: failed, interrupted or asked for. */
  reruns: z.array(z.object({ key: z.string(), kind: z.string(), status: z.string() })),
  /** Steps whose effect may have happened: a resume must say `retry` or give an output for each. */
  undecided: z.array(z.object({ key: z.string(), kind: z.string(), startedAt: Timestamp.nullable() })),
  /** US dollars that the replays save. */
  saves: Usd,
  liveWorkers: z.number().int(),
  version: z.string().nullable(),
  availableVersions: z.array(z.string()),
})
export type ResumePreview = z.infer<typeof ResumePreview>

export const RunOutcome = z.object({
  execution: z.number().int().positive(),
  status: z.enum(['succeeded', 'failed', 'cancelled', 'paused', 'waiting']),
  /** With `waiting`: when the run must go on though nothing came in. */
  wakeAt: Timestamp.optional(),
  output: EncodedValue.optional(),
  error: StoredError.optional(),
  failedStep: z.string().optional(),
  statePatch: z.array(z.unknown()).optional(),
})
export type RunOutcome = z.infer<typeof RunOutcome>

/** Who asks for a pause or a cancel, and why. */
export const ControlRun = z.object({ actor: z.string().max(200).optional(), reason: z.string().max(2_000).optional() })
export type ControlRun = z.infer<typeof ControlRun>

export const ForkRun = z.object({
  /** The first step that runs anew; the checkpoints before it are shared. */
  fromStep: z.string().min(1).max(LIMITS.stepKeyChars),
  input: EncodedValue.optional(),
  state: EncodedValue.optional(),
  overrides: z.array(StepOverride).max(1_000).optional(),
})
export type ForkRun = z.infer<typeof ForkRun>

/** The state of a run after a step. */
export const RunState = z.object({ step: z.string().nullable(), state: EncodedValue })
export type RunState = z.infer<typeof RunState>

/** What lies between the states after two steps, as RFC 6902 operations. */
export const RunStateDiff = z.object({ from: z.string().nullable(), to: z.string().nullable(), patch: z.array(z.unknown()) })
export type RunStateDiff = z.infer<typeof RunStateDiff>
