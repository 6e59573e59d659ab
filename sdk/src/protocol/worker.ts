import { z } from 'zod'
import { ServedAgent } from './claim.ts'
import { EncodedValue } from './encoded-value.ts'
import { RunId, SpanId, Timestamp, TraceId, WorkerId } from './ids.ts'
import { LIMITS } from './limits.ts'

/** A worker process as the API lists it. */
export const WorkerInfo = z.object({
  id: WorkerId,
  agents: z.array(ServedAgent),
  /** Runs that it takes at a time. */
  capacity: z.number().int(),
  hostname: z.string(),
  pid: z.number().int(),
  sdkVersion: z.string(),
  startedAt: Timestamp,
  lastSeenAt: Timestamp,
  /** Null while it lives. */
  endedAt: Timestamp.nullable(),
  endReason: z.string().nullable(),
  runsHeld: z.number().int().nonnegative(),
  /** The newest of those, five at most. */
  heldRuns: z.array(z.object({ id: RunId, agent: z.string() })).default([]),
  /** Runs that crashed with it. */
  runsCrashed: z.number().int().nonnegative().default(0),
  lastCrash: z.object({ runId: RunId, agent: z.string(), at: Timestamp }).nullable().default(null),
})
export type WorkerInfo = z.infer<typeof WorkerInfo>

export const HeldRun = z.object({ runId: RunId, execution: z.number().int().positive() })
export type HeldRun = z.infer<typeof HeldRun>

/** A span that has begun and not ended: written as interrupted if the worker dies. */
export const OpenSpan = z.object({
  runId: RunId,
  execution: z.number().int().positive(),
  traceId: TraceId,
  spanId: SpanId,
  parentSpanId: SpanId.nullable(),
  name: z.string().max(1_000),
  startTime: Timestamp,
  /** Set on the span that stands for the whole execution. */
  root: z.boolean().default(false),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type OpenSpan = z.infer<typeof OpenSpan>

/** From the worker, as JSON text frames. */
export const WorkerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    workerId: WorkerId,
    agents: z.array(ServedAgent).max(1_000),
    capacity: z.number().int().positive(),
    hostname: z.string().max(300),
    pid: z.number().int(),
    sdkVersion: z.string().max(100),
    /** Runs held over a reconnect. */
    runs: z.array(HeldRun).max(100_000),
  }),
  z.object({ type: z.literal('heartbeat'), runs: z.array(HeldRun).max(100_000) }),
  /** Spans opened and closed since the last message of this type. */
  z.object({
    type: z.literal('spans'),
    opened: z.array(OpenSpan).max(LIMITS.checkpointsPerRequest * 10),
    closed: z.array(SpanId).max(LIMITS.checkpointsPerRequest * 10),
  }),
  /** A clean stop: the worker has handed back or finished what it held. */
  z.object({ type: z.literal('goodbye') }),
])
export type WorkerMessage = z.infer<typeof WorkerMessage>

/** To the worker, as JSON text frames. */
export const WorkerCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), leaseMs: z.number().int(), heartbeatMs: z.number().int() }),
  /** The lease was renewed: sent after each heartbeat that reached Postgres. */
  z.object({ type: z.literal('alive') }),
  /** There is work for one of the worker's agents: claim it. */
  z.object({ type: z.literal('run'), agent: z.string() }),
  z.object({ type: z.literal('pause'), runId: RunId, execution: z.number().int() }),
  z.object({ type: z.literal('cancel'), runId: RunId, execution: z.number().int() }),
  z.object({ type: z.literal('signal'), runId: RunId, name: z.string(), payload: EncodedValue }),
  /** The run belongs to a later execution now: stop it here. */
  z.object({ type: z.literal('stale'), runId: RunId, execution: z.number().int() }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
])
export type WorkerCommand = z.infer<typeof WorkerCommand>
