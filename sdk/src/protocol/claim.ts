import { z } from 'zod'
import { EncodedValue } from './encoded-value.ts'
import { RunId, SpanId, Timestamp, TraceId, WorkerId } from './ids.ts'
import { LIMITS } from './limits.ts'
import { ConcurrencyLimit, Name, RateLimit, RecoveryPolicy, StoredError } from './run.ts'
import { OnInterrupted, StepKind, StepStatus } from './step.ts'

export const ServedAgent = z.object({
  name: Name,
  /** Versions that this worker's code can run. The first is the one recorded for new executions. */
  versions: z.array(Name).min(1).max(100),
  recovery: RecoveryPolicy.optional(),
  /** `version`: a run goes on only where the version that it began in is served. */
  pin: z.literal('version').optional(),
  /** Limits over all workers, as this worker's code has them: its claims go by them. */
  concurrency: ConcurrencyLimit.optional(),
  rateLimit: RateLimit.optional(),
  codeRevision: z.string().max(200).optional(),
  /** Steps that a whole run takes, where the agent declares it: shown as "step 12 of 15". */
  steps: z.number().int().positive().optional(),
})
export type ServedAgent = z.infer<typeof ServedAgent>

export const ClaimRequest = z.object({
  workerId: WorkerId,
  agents: z.array(ServedAgent).min(1).max(1_000),
  limit: z.number().int().min(1).max(1_000).default(1),
  /** How long to hold the request open when there is no work, in milliseconds. */
  waitMs: z.number().int().min(0).max(LIMITS.claimWaitMs).default(0),
  /** Claim just this run: how a parent takes its child over. */
  runId: RunId.optional(),
})
export type ClaimRequest = z.infer<typeof ClaimRequest>

/** A checkpoint as replay needs it. */
export const ReplayedStep = z.object({
  key: z.string(),
  kind: StepKind,
  status: StepStatus,
  attempt: z.number().int(),
  execution: z.number().int(),
  output: EncodedValue,
  error: StoredError.nullable(),
  inputFingerprint: z.string().nullable(),
  childRunId: RunId.nullable(),
  spanId: SpanId.nullable(),
  startedAt: Timestamp.nullable().default(null),
  /** Set on a step of effect `once`; with status `unknown` nobody knows whether it took place. */
  onInterrupted: OnInterrupted.nullable().default(null),
  /** RFC 6902 changes of `run.state` from the step before it in this list up to its end. */
  statePatch: z.array(z.unknown()).nullable().default(null),
})
export type ReplayedStep = z.infer<typeof ReplayedStep>

export const ClaimedRun = z.object({
  id: RunId,
  traceId: TraceId,
  agent: z.string(),
  version: z.string(),
  execution: z.number().int().positive(),
  input: EncodedValue,
  state: EncodedValue,
  sessionId: z.string().nullable(),
  userId: z.string().nullable(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  createdAt: Timestamp,
  parent: z.object({ runId: RunId, stepKey: z.string(), spanId: SpanId.nullable() }).nullable(),
  /** Root span of the execution before, which this one links to. */
  previousRootSpanId: SpanId.nullable(),
  steps: z.array(ReplayedStep),
})
export type ClaimedRun = z.infer<typeof ClaimedRun>

export const ClaimAnswer = z.object({ runs: z.array(ClaimedRun) })
export type ClaimAnswer = z.infer<typeof ClaimAnswer>

/** Answer to a create: the run as the API shows it, and what the claiming worker needs to start it. */
export const CreateAnswerClaim = z.object({ claimed: ClaimedRun.nullable() })
