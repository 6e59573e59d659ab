import { trace } from '@opentelemetry/api'
import type { Agent } from '../agent.ts'
import { type ModelCall, ModelRecorder } from '../model/model-call.ts'
import { ATTR, previewAttributes } from '../otel/attributes.ts'
import type { StepKind } from '../protocol/step.ts'
import { encodeValue } from '../protocol/values.ts'
import { sleepMs } from './abort.ts'
import { storeArtifact } from './artifacts.ts'
import { callChild } from './call-child.ts'
import { emitItem, toJsonText } from './checkpoint.ts'
import { type Duration, durationToMs } from './duration.ts'
import type { ExecutionEnv } from './execution-env.ts'
import { loadFewShot } from './few-shot.ts'
import { idempotencyKey } from './idempotency-key.ts'
import type { FewShotExample, FewShotOptions, Log, ModelOptions, Run, SessionHandle, SignalOptions } from './run.ts'
import { ambient } from './scope.ts'
import { ContextLoader } from './session-context.ts'
import { openSession } from './sessions.ts'
import type { RunState } from './state.ts'
import { StepEngine } from './step-engine.ts'
import type { StepContext, StepOptions } from './step-options.ts'
import type { StepWork } from './step-spec.ts'
import { awaitSignal } from './waits.ts'

type Body<C, T> = (context: C) => T

/** The run as its agent's function sees it. */
export class RunContext implements Run {
  readonly #env: ExecutionEnv
  readonly #engine: StepEngine
  readonly session: SessionHandle | null
  readonly log = { debug: logger('debug'), info: logger('info'), warn: logger('warn'), error: logger('error') }

  constructor(env: ExecutionEnv) {
    this.#env = env
    this.#engine = new StepEngine(env)
    const { sessionId } = env.claimed
    const loader = sessionId === null ? null : new ContextLoader(env, this.#engine, sessionId)
    this.session =
      loader && sessionId !== null ? { ...openSession(env.runtime.http, sessionId), context: (options) => loader.load(options) } : null
  }

  get id(): string {
    return this.#env.claimed.id
  }
  get traceId(): string {
    return this.#env.claimed.traceId
  }
  get execution(): number {
    return this.#env.claimed.execution
  }
  get agent(): string {
    return this.#env.claimed.agent
  }
  get version(): string {
    return this.#env.claimed.version
  }
  get sessionId(): string | null {
    return this.#env.claimed.sessionId
  }
  get userId(): string | null {
    return this.#env.claimed.userId
  }
  get tags(): readonly string[] {
    return this.#env.claimed.tags
  }
  get metadata(): Readonly<Record<string, unknown>> {
    return this.#env.claimed.metadata
  }
  get abortSignal(): AbortSignal {
    return this.#env.stop.signal
  }
  get state(): RunState {
    return this.#env.state.current
  }
  set state(value: RunState) {
    this.#env.state.current = value
  }

  step<T>(name: string, ...rest: [Body<StepContext, T>] | [StepOptions, Body<StepContext, T>]): Promise<Awaited<T>> {
    const [options, fn] = rest.length === 1 ? [{}, rest[0]] : rest
    return this.#step('step', name, options, fn)
  }

  tool<T>(name: string, ...rest: [Body<StepContext, T>] | [StepOptions, Body<StepContext, T>]): Promise<Awaited<T>> {
    const [options, fn] = rest.length === 1 ? [{}, rest[0]] : rest
    const attributes: Record<string, string | boolean> = { [ATTR.kind]: 'tool', [ATTR.operation]: 'execute_tool', [ATTR.toolName]: name }
    if (options.input !== undefined)
      Object.assign(attributes, previewAttributes(ATTR.toolArguments, JSON.stringify(encodeValue(options.input)), ATTR.inputTruncated))
    return this.#engine.run({
      name,
      kind: 'tool',
      options,
      attributes,
      body: fn,
      describeOutput: (span, json) => span.setAttributes(previewAttributes(ATTR.toolResult, json, ATTR.outputTruncated)),
    })
  }

  model<T>(name: string, ...rest: [Body<ModelCall, T>] | [ModelOptions, Body<ModelCall, T>]): Promise<Awaited<T>> {
    const [options, fn] = rest.length === 1 ? [{}, rest[0]] : rest
    const recorders = new WeakMap<object, ModelRecorder>()
    return this.#engine.run({
      name,
      kind: 'model',
      options,
      attributes: { [ATTR.kind]: 'model', [ATTR.operation]: 'chat' },
      body: (step, { span }) => {
        const recorder = new ModelRecorder(span)
        recorders.set(span, recorder)
        recorder.request(options)
        return fn({ ...step, request: recorder.request, firstToken: recorder.firstToken, response: recorder.response })
      },
      describeOutput: (span, json, value) => {
        const recorder = recorders.get(span)
        recorder?.returned(value)
        if (!recorder?.hasOutput) span.setAttributes(previewAttributes(ATTR.output, json, ATTR.outputTruncated))
      },
    })
  }

  async scope<T>(name: string, fn: () => T): Promise<Awaited<T>> {
    const scope = this.#engine.currentScope()
    const { key, release } = scope.take(name, undefined)
    const { claimed, session } = this.#env
    const here = ambient.getStore() ?? {
      runId: claimed.id,
      execution: claimed.execution,
      agent: claimed.agent,
      version: claimed.version,
      sessionId: claimed.sessionId,
      userId: claimed.userId,
      stepKey: null,
      spans: session.openSpans,
    }
    try {
      return await ambient.run({ ...here, scope: scope.child(key) }, fn)
    } finally {
      release()
    }
  }

  call<Input, Output>(
    agent: Agent<Input, Output>,
    input: Input,
    options: Pick<StepOptions, 'key' | 'retry' | 'timeout'> = {},
  ): Promise<Output> {
    return this.#engine.run({
      name: agent.name,
      kind: 'agent',
      options,
      attributes: { [ATTR.kind]: 'step' },
      endsItself: true,
      // The child returns what its agent returns: the definition is without types, `Agent` has them.
      body: (step, work) => callChild(this.#env, { agent, input, step, work }) as Promise<Output>,
    }) as Promise<Output>
  }

  artifact(name: string, data: unknown, options: { contentType?: string } = {}): Promise<void> {
    return storeArtifact(this.#env, name, data, options.contentType)
  }

  async emit(name: string, data: unknown): Promise<void> {
    this.#env.stop.check()
    if (!this.#env.replay.isUnderway) await emitItem(this.#env, name, toJsonText(encodeValue(data), `The item "${name}"`))
  }

  fewShot(set: string, options: FewShotOptions = {}): Promise<FewShotExample[]> {
    return loadFewShot(this.#env, set, options)
  }

  signal<T = unknown>(name: string, options: SignalOptions = {}): Promise<T | undefined> {
    const keyed = options.key === undefined ? {} : { key: options.key }
    // The sender and the caller agree on the payload's type: nothing here can check it.
    return this.#step('signal', `signal/${name}`, keyed, (step) => awaitSignal(this.#env, name, step, options)) as Promise<T | undefined>
  }

  async sleep(duration: Duration, options: { key?: string } = {}): Promise<void> {
    const wakeAt = await this.#step('sleep', 'sleep', options, () => Date.now() + durationToMs(duration))
    const woken = this.#env.idle?.wait(wakeAt)
    await sleepMs(Math.max(0, wakeAt - Date.now()), this.#env.stop.signal).finally(woken)
  }

  idempotencyKey(step: string): string {
    return idempotencyKey(this.id, this.#engine.currentScope().keyOf(step))
  }

  #step<T>(kind: StepKind, name: string, options: StepOptions, fn: (step: StepContext, work: StepWork) => T): Promise<Awaited<T>> {
    return this.#engine.run({ name, kind, options, attributes: { [ATTR.kind]: 'step' }, body: fn })
  }
}

function logger(level: string): Log {
  return (message, fields = {}) => {
    trace.getActiveSpan()?.addEvent('cairn.log', { 'log.level': level, 'log.message': message, ...fields })
  }
}
