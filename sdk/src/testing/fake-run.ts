import { applyPatch, type Operation } from 'rfc6902'
import type { ClaimedRun, ReplayedStep } from '../protocol/claim.ts'
import type { RunId, SpanId, TraceId } from '../protocol/ids.ts'
import { NO_COST, NO_USAGE } from '../protocol/no-usage.ts'
import type { CreateRun, RunOutcome, RunStatus } from '../protocol/run.ts'
import type { Checkpoint, CheckpointResult, RunControl } from '../protocol/step.ts'
import type { JsonValue } from '../protocol/values.ts'

/** A run of the fake collector: fenced checkpoints, state by patches, events. */
export class FakeRun {
  readonly id: RunId
  readonly traceId: TraceId
  readonly agent: string
  readonly idempotencyKey: string | null
  readonly steps = new Map<string, Checkpoint>()
  readonly events: { id: number; type: string; runId: string; at: string; execution: number }[] = []
  published = 0
  status: RunStatus = 'queued'
  execution = 0
  /** Given with the next checkpoint's answer. */
  control: RunControl | null = null
  outcome: RunOutcome | null = null
  rootSpanId: SpanId | null = null
  readonly #request: CreateRun
  #state: { state: JsonValue } = { state: {} }

  constructor(id: string, traceId: string, request: CreateRun, idempotencyKey: string | null) {
    this.id = id as RunId
    this.traceId = traceId as TraceId
    this.agent = request.agent
    this.idempotencyKey = idempotencyKey
    this.#request = request
  }

  get state(): JsonValue {
    return this.#state.state
  }

  isFresh(execution: number): boolean {
    return this.status === 'running' && this.execution === execution
  }

  setStatus(status: RunStatus): void {
    this.status = status
    this.#event({ type: 'status', status, reason: null, actor: null, error: this.outcome?.error ?? null })
  }

  claim(): ClaimedRun {
    this.execution++
    this.setStatus('running')
    const { parent, sessionId, userId, tags, metadata, claim, version } = this.#request
    return {
      id: this.id,
      traceId: this.traceId,
      agent: this.agent,
      version: claim?.version ?? version ?? '1',
      execution: this.execution,
      input: this.#request.input ?? null,
      state: structuredClone(this.state),
      sessionId: sessionId ?? null,
      userId: userId ?? null,
      tags: tags ?? [],
      metadata: metadata ?? {},
      createdAt: new Date().toISOString(),
      parent: parent ? { runId: parent.runId, stepKey: parent.stepKey, spanId: parent.spanId ?? null } : null,
      previousRootSpanId: this.rootSpanId,
      steps: [...this.steps.values()].map(toReplayed),
    }
  }

  store(item: Checkpoint): CheckpointResult {
    const base = { runId: item.runId, key: item.key, control: null }
    const before = this.steps.get(item.key)
    const same = before?.status === 'succeeded' && JSON.stringify(before.output) === JSON.stringify(item.output)
    if (same) return { ...base, status: 200, duplicate: true }
    if (!this.isFresh(item.execution)) return { ...base, status: 409, error: { code: 'stale_execution', message: 'stale' } }
    if (before?.status === 'succeeded') return { ...base, status: 409, error: { code: 'step_conflict', message: 'conflict' } }
    this.steps.set(item.key, item)
    if (item.statePatch) this.#patch(item.statePatch)
    this.#event({ type: 'step', key: item.key, kind: item.kind, status: item.status })
    const { control } = this
    this.control = null
    return { ...base, status: 200, control }
  }

  finish(outcome: RunOutcome): void {
    this.outcome = outcome
    if (outcome.statePatch) this.#patch(outcome.statePatch)
    this.setStatus(outcome.status)
  }

  show(status: RunStatus = this.status) {
    const empty = { failedStep: null, errorGroup: null, statusReason: null, forkedFrom: null, startedAt: null, endedAt: null }
    const { sessionId, userId, tags, metadata, parent } = this.#request
    return {
      ...empty,
      id: this.id,
      traceId: this.traceId,
      agent: this.agent,
      version: null,
      status,
      execution: this.execution,
      input: this.#request.input ?? null,
      output: this.outcome?.output ?? null,
      error: this.outcome?.error ?? null,
      state: this.state,
      steps: { done: this.steps.size },
      usage: NO_USAGE,
      cost: NO_COST,
      lost: '0',
      saved: '0',
      sessionId: sessionId ?? null,
      userId: userId ?? null,
      tags: tags ?? [],
      metadata: metadata ?? {},
      parentRunId: parent?.runId ?? null,
      parentStepKey: parent?.stepKey ?? null,
      createdAt: new Date().toISOString(),
      executions: [],
    }
  }

  #patch(patch: unknown[]): void {
    const operations = patch as Operation[]
    applyPatch(
      this.#state,
      operations.map((operation) => ({ ...operation, path: `/state${operation.path}` })),
    )
  }

  #event(fields: { type: string } & Record<string, unknown>): void {
    this.events.push({ id: this.events.length + 1, runId: this.id, at: new Date().toISOString(), execution: this.execution, ...fields })
  }
}

const toReplayed = (step: Checkpoint): ReplayedStep => ({
  key: step.key,
  kind: step.kind,
  status: step.status === 'started' && step.onInterrupted !== undefined ? 'unknown' : step.status,
  startedAt: step.startedAt ?? null,
  attempt: step.attempt,
  execution: step.execution,
  output: step.output ?? null,
  error: step.error ?? null,
  inputFingerprint: step.inputFingerprint ?? null,
  childRunId: step.childRunId ?? null,
  spanId: step.spanId ?? null,
  onInterrupted: step.onInterrupted ?? null,
  statePatch: step.statePatch ?? null,
})
