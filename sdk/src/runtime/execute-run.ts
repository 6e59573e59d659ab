import { type Attributes, type Context, context, diag, type Link, ROOT_CONTEXT, type Span, TraceFlags, trace } from '@opentelemetry/api'
import { type AgentDefinition, parseInput } from '../agent-definition.ts'
import { RunStoppedError, type StopReason } from '../errors.ts'
import { ATTR, previewAttributes } from '../otel/attributes.ts'
import { withTraceId } from '../otel/id-generator.ts'
import type { ClaimedRun } from '../protocol/claim.ts'
import type { RunOutcome } from '../protocol/run.ts'
import { decodeValue, encodeValue } from '../protocol/values.ts'
import type { WorkerSession } from '../worker/session.ts'
import { toJsonText } from './checkpoint.ts'
import { CheckpointWriter } from './checkpoint-writer.ts'
import type { ExecutionEnv, Runtime } from './execution-env.ts'
import { IdleRelease } from './idle-release.ts'
import { Replay } from './replay.ts'
import { reportOutcome } from './report-outcome.ts'
import { RunContext } from './run-context.ts'
import { RunStop } from './run-stop.ts'
import { ambient, Scope } from './scope.ts'
import { StateTracker } from './state.ts'
import { markFailed } from './step-attempts.ts'
import { toStoredError } from './stored-error.ts'

/** How an execution ended in this process. */
export type ExecutionResult =
  | { status: 'succeeded'; value: unknown }
  | { status: 'failed'; error: unknown }
  | { status: 'stopped'; reason: StopReason }

/** After a stop the agent's function has this long to unwind. */
const UNWIND_MS = 2_000

export interface Host {
  readonly runtime: Runtime
  readonly session: WorkerSession
}

/** How an execution is tied to what is around it. */
export interface ExecuteOptions {
  /** The run is a child: it stops with its parent's step, and is let go with its parent. */
  parent?: { signal: AbortSignal; idle: IdleRelease | null }
  /** Lets the run go when it has only waited for this long, in milliseconds; null: never. */
  releaseAfterMs?: number | null
}

/** Runs one execution of a claimed run: replays, goes on, and reports how it ended. */
export async function executeRun(
  host: Host,
  definition: AgentDefinition,
  claimed: ClaimedRun,
  { parent, releaseAfterMs = null }: ExecuteOptions = {},
): Promise<ExecutionResult> {
  const stop = new RunStop(claimed.id)
  const own = releaseAfterMs === null ? null : new IdleRelease(releaseAfterMs, () => stop.stop('run_waiting'))
  const writer = new CheckpointWriter(host.runtime.sender, stop, definition.durability)
  const env = createEnv(host, claimed, { stop, writer, idle: parent === undefined ? own : parent.idle })
  const unfollow = parent === undefined ? () => {} : follow(parent.signal, stop)
  host.session.hold(claimed.id, claimed.execution, env.stop)
  const unwatch = host.runtime.sender.watch(claimed.id, (result, item) => {
    if (item.execution !== claimed.execution) return
    if (result.error?.code === 'stale_execution') stop.stop('stale_execution')
    else if (result.control !== null) stop.stop(result.control === 'cancel' ? 'run_cancelled' : 'run_paused')
  })
  try {
    const result = await runInRootSpan(env, definition, parent === undefined ? ROOT_CONTEXT : context.active())
    // After a stop too: what is finished is not lost.
    await writer.settled().catch(() => {})
    // Spans first: whoever sees the run ended finds its cost complete.
    await host.runtime.telemetry.flush()
    return await reportOutcome(env, result)
  } finally {
    unfollow()
    own?.close()
    const release = (): void => {
      unwatch()
      host.session.release(claimed.id, claimed.execution)
    }
    // While the journal has its end the run is still this worker's.
    if (host.runtime.sender.isBridging) {
      host.session.ended(claimed.id, claimed.execution)
      void host.runtime.sender.drained().then(release)
    } else release()
  }
}

function createEnv(
  { runtime, session }: Host,
  claimed: ClaimedRun,
  { stop, writer, idle }: Pick<ExecutionEnv, 'stop' | 'writer' | 'idle'>,
): ExecutionEnv {
  const state = new StateTracker(claimed.state, claimed.steps)
  return {
    runtime,
    session,
    claimed,
    stop,
    writer,
    idle,
    replay: new Replay(claimed.steps, () => state.endReplay()),
    state,
    rootScope: new Scope(''),
    emitted: { count: 0 },
    failedSteps: new WeakMap(),
  }
}

/** Children follow their parent: its stop is theirs, and a step's timeout cancels the child that it waited for. */
function follow(signal: AbortSignal, stop: RunStop): () => void {
  const onAbort = (): void => {
    stop.stop(signal.reason instanceof RunStoppedError ? signal.reason.reason : 'run_cancelled')
  }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return () => signal.removeEventListener('abort', onAbort)
}

/** What the agent made of it, before the collector has heard of it. */
export type AgentResult = ExecutionResult & { outcome: RunOutcome | null }

async function runInRootSpan(env: ExecutionEnv, definition: AgentDefinition, parent: Context): Promise<AgentResult> {
  const { claimed, session, rootScope } = env
  const here = {
    runId: claimed.id,
    execution: claimed.execution,
    agent: claimed.agent,
    version: claimed.version,
    sessionId: claimed.sessionId,
    userId: claimed.userId,
    stepKey: null,
    scope: rootScope,
    spans: session.openSpans,
  }
  return ambient.run(here, async () => {
    const root = startRootSpan(env, parent)
    const result = await context.with(trace.setSpan(parent, root), () => runAgent(env, definition, root))
    if (result.status === 'failed') markFailed(root, result.error)
    if (result.status === 'stopped' && result.reason !== 'run_waiting') markFailed(root, new RunStoppedError(claimed.id, result.reason))
    root.end()
    return result
  })
}

function startRootSpan(env: ExecutionEnv, parent: Context): Span {
  const { claimed, runtime } = env
  const { tracer, forcesTraceId } = runtime.telemetry
  const name = `invoke_agent ${claimed.agent}`
  const options = { attributes: rootAttributes(claimed), links: linksOf(claimed) }
  if (trace.getSpanContext(parent) !== undefined) return tracer.startSpan(name, options, parent)
  if (forcesTraceId) return withTraceId(claimed.traceId, () => tracer.startSpan(name, { ...options, root: true }, parent))
  // In an app's own set-up the trace id comes with a parent that nobody sends: readers take such a span for a root.
  const spanId = claimed.id.replaceAll('-', '').slice(-16)
  const remote = { traceId: claimed.traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
  return tracer.startSpan(name, options, trace.setSpanContext(parent, remote))
}

function rootAttributes(claimed: ClaimedRun): Attributes {
  return {
    [ATTR.kind]: 'agent',
    [ATTR.root]: true,
    [ATTR.runId]: claimed.id,
    [ATTR.execution]: claimed.execution,
    [ATTR.operation]: 'invoke_agent',
    [ATTR.genAiAgentName]: claimed.agent,
    [ATTR.genAiAgentVersion]: claimed.version,
    ...(claimed.sessionId === null ? {} : { [ATTR.conversationId]: claimed.sessionId }),
    ...(claimed.tags.length === 0 ? {} : { 'cairn.tags': claimed.tags }),
    ...previewAttributes(ATTR.input, JSON.stringify(claimed.input), ATTR.inputTruncated),
  }
}

function linksOf({ traceId, previousRootSpanId, execution }: ClaimedRun): Link[] {
  if (previousRootSpanId === null) return []
  const previous = { traceId, spanId: previousRootSpanId, traceFlags: TraceFlags.SAMPLED }
  return [{ context: previous, attributes: { 'cairn.link': 'previous_execution', 'cairn.previous.execution': execution - 1 } }]
}

async function runAgent(env: ExecutionEnv, definition: AgentDefinition, root: Span): Promise<AgentResult> {
  const { claimed, stop } = env
  const { execution } = claimed
  try {
    const body = async (): Promise<unknown> => {
      const input = await parseInput(definition, decodeValue(claimed.input))
      return definition.fn(new RunContext(env), input)
    }
    const value = await untilStopped(body(), stop)
    await env.writer.settled()
    if (stop.reason !== null) return stopped(env, stop.reason)
    const output = encodeValue(value)
    const json = toJsonText(output, `The output of agent "${claimed.agent}"`)
    root.setAttributes(previewAttributes(ATTR.output, json, ATTR.outputTruncated))
    env.state.endReplay()
    const statePatch = env.state.takePatch()
    return { status: 'succeeded', value, outcome: { execution, status: 'succeeded', output, ...(statePatch ? { statePatch } : {}) } }
  } catch (error) {
    if (stop.reason !== null) return stopped(env, stop.reason)
    const failedStep = error !== null && typeof error === 'object' ? env.failedSteps.get(error) : undefined
    const outcome: RunOutcome = { execution, status: 'failed', error: toStoredError(error), ...(failedStep ? { failedStep } : {}) }
    return { status: 'failed', error, outcome }
  }
}

const STATUS_OF_STOP: Partial<Record<StopReason, RunOutcome['status']>> = {
  run_cancelled: 'cancelled',
  run_paused: 'paused',
  run_waiting: 'waiting',
}

function stopped({ claimed: { execution }, idle }: ExecutionEnv, reason: StopReason): AgentResult {
  const status = STATUS_OF_STOP[reason]
  if (status === undefined) return { status: 'stopped', reason, outcome: null }
  const untilMs = idle?.releasedUntilMs ?? Number.POSITIVE_INFINITY
  const wakeAt = status === 'waiting' && Number.isFinite(untilMs) ? { wakeAt: new Date(untilMs).toISOString() } : {}
  return { status: 'stopped', reason, outcome: { execution, status, ...wakeAt } }
}

/** The agent's own end; or, after a stop, whatever comes first of that and the time it has to unwind. */
async function untilStopped(running: Promise<unknown>, stop: RunStop): Promise<unknown> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const onStop = (): void => {
    timer = setTimeout(() => {
      diag.warn(`Cairn: run ${stop.runId} goes on after its stop; give run.abortSignal to what it waits for.`)
      reject(stop.signal.reason)
    }, UNWIND_MS)
  }
  stop.signal.addEventListener('abort', onStop, { once: true })
  try {
    return await Promise.race([running, tooLate])
  } finally {
    clearTimeout(timer)
    stop.signal.removeEventListener('abort', onStop)
    running.catch(() => {})
  }
}
