import { randomBytes, randomUUID } from 'node:crypto'
import { v7 } from 'uuid'
import type { z } from 'zod'
import { type AgentDefinition, toClaim } from '../agent-definition.ts'
import { isAway } from '../errors.ts'
import { type ClaimedRun, CreateAnswerClaim } from '../protocol/claim.ts'
import type { RunId, TraceId } from '../protocol/ids.ts'
import { type CreateRun, Run } from '../protocol/run.ts'
import type { WorkerSession } from '../worker/session.ts'
import type { Runtime } from './execution-env.ts'

const Started = Run.pick({ id: true, status: true, output: true }).extend(CreateAnswerClaim.partial().shape)
/** A run made for this process; not `claimed` where an earlier request with the same key had made it. */
export type StartedRun = z.infer<typeof Started>

/** What a run is started with, apart from the claim. */
export type StartRequest = Omit<CreateRun, 'agent' | 'claim' | 'id' | 'traceId'>

/**
 * Makes a run that this process executes at once. While the collector is away it begins without it, and the journal has it made
 * later, under the same ids, with all that it did.
 * @throws {CairnError} what the collector refused; that it is away, where no journal may bridge it
 */
export async function startHere(
  { runtime, session }: { runtime: Runtime; session: WorkerSession },
  definition: AgentDefinition,
  request: StartRequest,
  { signal, traceId }: { signal?: AbortSignal; traceId?: TraceId } = {},
): Promise<StartedRun> {
  // With a key of its own a request whose answer was lost can be sent again.
  const json: CreateRun = {
    ...(request.parent === undefined ? { idempotencyKey: randomUUID() } : {}),
    ...request,
    agent: definition.name,
    claim: { workerId: session.id, ...toClaim(definition) },
  }
  const bridges = runtime.config.outage === 'continue'
  if (!runtime.sender.isBridging) {
    try {
      const retryForMs = bridges ? AWAY_AFTER_MS : runtime.config.checkpointTimeoutMs
      const { body } = await runtime.http.request({ method: 'POST', path: '/api/v1/runs', json, retryForMs, ...(signal ? { signal } : {}) })
      return Started.parse(body)
    } catch (error) {
      if (!bridges || !isAway(error)) throw error
    }
  }
  const claimed = toClaimed(definition, json, traceId)
  const { id, traceId: itsTraceId } = claimed
  await runtime.sender.keep('/api/v1/runs', JSON.stringify({ ...json, id, traceId: itsTraceId }), null)
  return { id, status: 'running', output: null, claimed }
}

/** Nothing is lost by beginning without it. */
const AWAY_AFTER_MS = 1_000

const toClaimed = (definition: AgentDefinition, request: CreateRun, traceId: TraceId | undefined): ClaimedRun => ({
  id: v7() as RunId,
  traceId: traceId ?? (randomBytes(16).toString('hex') as TraceId),
  agent: definition.name,
  version: definition.version,
  execution: 1,
  input: request.input ?? null,
  state: {},
  sessionId: request.sessionId ?? null,
  userId: request.userId ?? null,
  tags: request.tags ?? [],
  metadata: request.metadata ?? {},
  createdAt: new Date().toISOString(),
  parent: request.parent ? { runId: request.parent.runId, stepKey: request.parent.stepKey, spanId: request.parent.spanId ?? null } : null,
  previousRootSpanId: null,
  steps: [],
})
