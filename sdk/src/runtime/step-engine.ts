import { type Attributes, diag, type Span } from '@opentelemetry/api'
import { CairnError, NonDeterminismError, RunStoppedError, UnknownEffectError } from '../errors.ts'
import { ATTR, previewAttributes } from '../otel/attributes.ts'
import type { ReplayedStep } from '../protocol/claim.ts'
import type { SpanId } from '../protocol/ids.ts'
import type { Checkpoint, StepKind } from '../protocol/step.ts'
import { decodeValue, encodeValue } from '../protocol/values.ts'
import { storeCheckpoint } from './checkpoint.ts'
import type { ExecutionEnv } from './execution-env.ts'
import { fingerprint } from './fingerprint.ts'
import { type RetryPolicy, toRetryPolicy } from './retry.ts'
import { type Ambient, ambient, type Scope } from './scope.ts'
import { markFailed, runAttempts, type StepResult } from './step-attempts.ts'
import { findCached, toCacheFor } from './step-cache.ts'
import type { StepSpec } from './step-spec.ts'
import { toStoredError } from './stored-error.ts'

/** What every checkpoint of a step says. */
type CheckpointHead = Omit<Checkpoint, 'runId' | 'execution' | 'output' | 'status' | 'attempt'>

interface StepUnderway {
  readonly head: CheckpointHead
  readonly here: Ambient & { stepKey: string }
  readonly span: Span
  readonly policy: RetryPolicy
  readonly count: { attempts: number }
  readonly scope: Scope
}

/** Kinds whose body only waits: a child's own steps are its work. */
const WAITS: ReadonlySet<StepKind> = new Set(['signal', 'agent'])

/** Gives back finished steps; runs, retries and checkpoints the others. */
export class StepEngine {
  readonly #env: ExecutionEnv

  constructor(env: ExecutionEnv) {
    this.#env = env
  }

  async run<T>(spec: StepSpec<T>): Promise<Awaited<T>> {
    // No await before this: keys are counted at the call.
    const scope = this.currentScope()
    const { key, release } = scope.take(spec.name, spec.options.key)
    try {
      // What was stored under this key is what this step returned: the one place where the type is taken on trust.
      return (await this.#replayOrExecute(spec, key, scope)) as Awaited<T>
    } finally {
      release()
    }
  }

  /** The scope that code runs in now: the step or `run.scope()` around it, or the run itself. */
  currentScope(): Scope {
    const here = ambient.getStore()
    return here?.runId === this.#env.claimed.id ? here.scope : this.#env.rootScope
  }

  /**
   * Gives back steps of this scope by the beginning of their key and their output: for a call that made them in an earlier
   * execution and would not make them again.
   */
  giveBackUncalled(prefix: string, isOf: (output: unknown) => boolean): unknown[] {
    const found = this.#env.replay.uncalled(this.currentScope().keyOf(prefix)).filter((stored) => isOf(decodeValue(stored.output)))
    return found.map((stored) => this.#giveBack(stored))
  }

  async #replayOrExecute(spec: StepSpec<unknown>, key: string, scope: Scope): Promise<unknown> {
    const { input, onInputChange = 'warn', durable = true } = spec.options
    const inputFingerprint = input === undefined ? undefined : fingerprint(input)
    const stored = durable ? this.#env.replay.get(key) : undefined
    if (stored === undefined) return this.#execute(spec, key, scope, inputFingerprint)
    if (inputFingerprint !== undefined && stored.inputFingerprint !== null && stored.inputFingerprint !== inputFingerprint) {
      if (onInputChange === 'fail') throw new NonDeterminismError(key)
      if (onInputChange === 'rerun') {
        this.#env.replay.passed(key)
        const inputKey = `${key}@${inputFingerprint.slice(0, 8)}`
        const again = this.#env.replay.get(inputKey)
        return again ? this.#giveBack(again) : this.#execute(spec, inputKey, scope, inputFingerprint)
      }
      if (onInputChange === 'warn')
        diag.warn(`Cairn: step "${key}" of run ${this.#env.claimed.id} was stored with another input; its stored output is used.`)
    }
    return this.#giveBack(stored)
  }

  #giveBack(stored: ReplayedStep): unknown {
    this.#env.stop.check()
    this.#env.state.stepCameBack(stored.key)
    this.#env.replay.passed(stored.key)
    return decodeValue(stored.output)
  }

  async #execute(spec: StepSpec<unknown>, key: string, scope: Scope, inputFingerprint: string | undefined): Promise<unknown> {
    const { stop, state } = this.#env
    const durable = spec.options.durable !== false
    stop.check()
    if (durable) state.endReplay()
    const policy = toRetryPolicy(spec.options.retry)
    const here = { ...this.#ambient(), stepKey: key, scope }
    const span = ambient.run(here, () => this.#startSpan(spec, policy.attempts > 1))
    const { spanId } = span.spanContext()
    const startedAt = this.#env.replay.waitingSince(key) ?? new Date().toISOString()
    const head: CheckpointHead = { key, name: spec.name, kind: spec.kind, startedAt }
    if (/[^0]/.test(spanId)) head.spanId = spanId as SpanId
    if (inputFingerprint !== undefined) head.inputFingerprint = inputFingerprint
    const count = { attempts: 0 }
    const worked = WAITS.has(spec.kind) ? undefined : this.#env.idle?.work()
    try {
      return await this.#perform(spec, { head, here, span, policy, count, scope })
    } finally {
      worked?.()
    }
  }

  async #perform(spec: StepSpec<unknown>, step: StepUnderway): Promise<unknown> {
    const { head, here, span, policy, count, scope } = step
    const durable = spec.options.durable !== false
    const cache = toCacheFor(head.key, spec.options)
    let result: StepResult
    let cached: StepResult | undefined
    try {
      if (spec.options.effect === 'once') await this.#begin(head, spec.options)
      cached = cache && (await findCached(this.#env, cache.key, span))
      result = cached ?? (await runAttempts(this.#env, spec, { here, span, policy, count }))
    } catch (error) {
      // What is unknown stays so: a failure would be known.
      const stores = durable && !(error instanceof UnknownEffectError)
      await this.#fail(error, span, head.key, stores ? { ...head, attempt: Math.max(1, count.attempts) } : null)
      throw error
    }
    span.setAttribute(ATTR.stepStatus, 'succeeded')
    span.end()
    const keeps = cache !== undefined && cached === undefined ? { cache } : {}
    if (durable) await this.#checkpoint({ ...head, ...keeps, attempt: Math.max(1, count.attempts) }, result, scope)
    return result.value
  }

  /** Stores that the step begins before its effect can happen. */
  async #begin(head: CheckpointHead, { durable = true, onInterrupted = 'ask' }: StepSpec<unknown>['options']): Promise<void> {
    if (!durable) throw new CairnError('invalid_step', `Step "${head.key}": effect "once" needs its checkpoint; leave out durable: false.`)
    if (this.#env.replay.isUnknown(head.key) && onInterrupted !== 'rerun') throw new UnknownEffectError(head.key)
    this.#env.replay.decided(head.key)
    await storeCheckpoint(this.#env, { ...head, attempt: 1, status: 'started', onInterrupted }, { needsCollector: true })
  }

  #ambient() {
    const { claimed, session } = this.#env
    return {
      runId: claimed.id,
      execution: claimed.execution,
      agent: claimed.agent,
      version: claimed.version,
      sessionId: claimed.sessionId,
      userId: claimed.userId,
      spans: session.openSpans,
    }
  }

  #startSpan(spec: StepSpec<unknown>, retries: boolean): Span {
    // With several attempts each has a span that stands for its work, so that a second model call counts as one.
    const attributes: Attributes = retries ? { [ATTR.kind]: 'step' } : { ...spec.attributes }
    if (spec.options.input !== undefined && attributes[ATTR.toolArguments] === undefined) {
      Object.assign(attributes, previewAttributes(ATTR.input, JSON.stringify(encodeValue(spec.options.input)), ATTR.inputTruncated))
    }
    return this.#env.runtime.telemetry.tracer.startSpan(spec.name, { attributes })
  }

  async #checkpoint(head: CheckpointHead & { attempt: number }, result: StepResult, scope: Scope): Promise<void> {
    const statePatch = this.#env.state.takePatch()
    const checkpoint = { ...head, status: 'succeeded' as const, endedAt: new Date().toISOString() }
    await storeCheckpoint(
      this.#env,
      { ...checkpoint, ...(statePatch ? { statePatch } : {}), ...(result.childRunId ? { childRunId: result.childRunId } : {}) },
      { outputJson: result.json },
    )
    this.#env.replay.end()
    // Only a step within a step can be called again in the same execution.
    if (scope.path === '') return
    this.#env.replay.add({
      key: head.key,
      kind: head.kind,
      status: 'succeeded',
      attempt: head.attempt,
      execution: this.#env.claimed.execution,
      output: JSON.parse(result.json),
      error: null,
      inputFingerprint: head.inputFingerprint ?? null,
      childRunId: result.childRunId ?? null,
      spanId: head.spanId ?? null,
      startedAt: head.startedAt ?? null,
      onInterrupted: null,
      statePatch: null,
    })
  }

  /** Records a failure. State changes since the last finished step stay out: the code that made them runs again. */
  async #fail(thrown: unknown, span: Span, key: string, head: (CheckpointHead & { attempt: number }) | null): Promise<void> {
    const stopped = thrown instanceof RunStoppedError || this.#env.stop.signal.aborted
    const waits = this.#env.stop.reason === 'run_waiting'
    if (!waits) markFailed(span, thrown)
    span.setAttribute(ATTR.stepStatus, waits ? 'waiting' : stopped ? 'interrupted' : 'failed')
    span.end()
    if (stopped) return
    if (thrown !== null && typeof thrown === 'object' && !this.#env.failedSteps.has(thrown)) this.#env.failedSteps.set(thrown, key)
    if (head === null) return
    const failed = { ...head, status: 'failed' as const, endedAt: new Date().toISOString(), error: toStoredError(thrown) }
    await storeCheckpoint(this.#env, failed).catch((error: unknown) => {
      // The agent gets the step's own error, unless the run must stop.
      if (error instanceof RunStoppedError) throw error
    })
  }
}
