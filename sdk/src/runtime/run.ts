import type { Agent } from '../agent.ts'
import type { ModelCall, ModelRequest } from '../model/model-call.ts'
import type { Duration } from './duration.ts'
import type { RunState } from './state.ts'
import type { StepContext, StepOptions } from './step-options.ts'

/** Options of `run.model`. What is given of the request goes on the span before the call. */
export interface ModelOptions extends StepOptions, ModelRequest {}

export interface SignalOptions {
  /** How long to wait. Default: for ever. */
  timeout?: Duration
  key?: string
}

export interface FewShotOptions {
  /** At most so many examples. Default: 100. */
  limit?: number
  /** Best examples for this text first. */
  like?: string
  /** A version of the set. Default: the current one. */
  version?: number
}

/** An example of a few-shot set. */
export interface FewShotExample {
  readonly id: string
  readonly input: unknown
  readonly output: unknown
  readonly messages: readonly { readonly role: string; readonly content: unknown }[]
  /** How well it fits `like`, 0 to 1; null without `like`. */
  readonly score: number | null
  /** The run it was promoted from. */
  readonly runId: string | null
}

/** Writes a line on the span of the step that runs now. Fields must be plain values. */
export type Log = (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void

/** A message of a session. Roles are the agent's own; `tool` is a tool's result. */
export interface SessionMessage {
  readonly role: string
  readonly content: unknown
}

/** How `session.context` keeps a conversation short enough for a model. */
export interface ContextOptions {
  /** Tokens of the last messages that stay as they are, when the others are summarised. The last message always stays. */
  keepTokens: number
  /** Tokens, of summary and messages together, past which the older messages are summarised. Default: 2 × keepTokens. */
  maxTokens?: number
  /**
   * Makes one text of messages and of the summary that stands for those before them. It is a step: a resumed run doesn't summarise
   * again what was summarised. Give `signal` to the model client.
   */
  summarise: (messages: readonly SessionMessage[], before: { previous: string | null; signal: AbortSignal }) => string | Promise<string>
  /** Tokens of a message. Default: an estimate of one token for each 4 characters of its JSON text. */
  countTokens?: (message: SessionMessage) => number
  /** The model that the context is for: what a summary saves is counted in its price of input. Without it, in tokens only. */
  model?: string
}

/** A conversation as a model is given it. */
export interface SessionContext {
  /** The summary, if there is one, as a `system` message; then the messages that it doesn't stand for, whole. */
  readonly messages: SessionMessage[]
  /** Null while every message is there whole. */
  readonly summary: string | null
  /** Version of the session. */
  readonly version: number
  /** Tokens of `messages`, as counted by `countTokens`. */
  readonly tokens: number
  /** Tokens of the messages that the summary stands for, less its own. */
  readonly savedTokens: number
}

/** A conversation that outlives its runs. */
export interface SessionHandle {
  readonly id: string
  /** State and messages as they are now; version 0 for a session that nobody wrote to. */
  load(): Promise<{ version: number; state: unknown; messages: readonly { role: string; content: unknown }[] }>
  /**
   * Stores the state, if the session is still at this version.
   * @throws {CairnError} `conflict` if somebody was faster: load, merge, save again
   */
  save(state: unknown, version: number): Promise<{ version: number }>
  addMessages(messages: readonly { role: string; content: unknown }[]): Promise<{ version: number }>
  /**
   * What to give a model: the latest summary and the messages after it. Where these have more than `maxTokens`, the older ones are
   * summarised first, by a step, and the summary is kept at the session for the turns to come; no message is deleted. A tool's result
   * is never kept without its call.
   * @throws {CairnError} `invalid_step` for limits or a summary that make no sense; what `summarise` threw
   * @example const { messages } = await run.session.context({ keepTokens: 4_000, model: 'gpt-5', summarise: (older, { previous }) => summarise(previous, older) })
   */
  context(options: ContextOptions): Promise<SessionContext>
}

/** What an agent's function is given: its run, in this execution. */
export interface Run {
  /** The same in all executions, as is `traceId`. */
  readonly id: string
  readonly traceId: string
  /** 1 for the first start; each resume is one more. */
  readonly execution: number
  readonly agent: string
  readonly version: string
  readonly sessionId: string | null
  readonly userId: string | null
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
  /** The conversation of `sessionId`; null without one. */
  readonly session: SessionHandle | null
  /** Fires when this execution has to stop: cancelled, paused, or taken over elsewhere. */
  readonly abortSignal: AbortSignal
  readonly log: { readonly debug: Log; readonly info: Log; readonly warn: Log; readonly error: Log }
  /**
   * The run's own data. Changes, nested ones too, are stored with the next step that finishes.
   * A resumed run has the state of its last finished step; code that changes it between steps runs again up to there, and
   * is not counted twice.
   */
  state: RunState

  /**
   * Does a piece of work once: its outcome is stored, and a resumed run gets it back without running it.
   * The body runs at least once; `step.idempotencyKey` tells the other side of a repeat.
   * @returns what the function returned. A resume gives it back from storage: plain data, Date, Map, Set, BigInt, Uint8Array and Error survive
   * @throws what the function threw in its last attempt, `StepTimeoutError`, `StepCollisionError`, `NonDeterminismError`, `UnstorableValueError`
   * @example const plan = await run.step('plan', () => makePlan(question))
   * @example const page = await run.step('fetch', { key: `fetch/${id}`, retry: { attempts: 5 }, timeout: '30s' }, (step) => fetch(url, { signal: step.signal }).then((r) => r.text()))
   */
  step<T>(name: string, fn: (step: StepContext) => T): Promise<Awaited<T>>
  step<T>(name: string, options: StepOptions, fn: (step: StepContext) => T): Promise<Awaited<T>>

  /**
   * A step that is a tool call: its span says so. `options.input` is shown as the tool's arguments.
   * @example const hits = await run.tool('search', { input: { query } }, () => search(query))
   */
  tool<T>(name: string, fn: (step: StepContext) => T): Promise<Awaited<T>>
  tool<T>(name: string, options: StepOptions, fn: (step: StepContext) => T): Promise<Awaited<T>>

  /**
   * A step that is a model call. Responses of the OpenAI and Anthropic SDKs are recognised where the function returns one;
   * else say what was used by `call.response`.
   * @example const answer = await run.model('answer', { provider: 'openai', model: 'gpt-5', messages }, () => openai.chat.completions.create({ model: 'gpt-5', messages }))
   */
  model<T>(name: string, fn: (call: ModelCall) => T): Promise<Awaited<T>>
  model<T>(name: string, options: ModelOptions, fn: (call: ModelCall) => T): Promise<Awaited<T>>

  /** Steps within have their keys under this name: for sub-agents and helpers that name their steps alike. */
  scope<T>(name: string, fn: () => T): Promise<Awaited<T>>

  /**
   * Runs another agent as a child: a run of its own in the same trace, resumed with its parent. Its result is a checkpoint of this run.
   * @throws what the agent threw
   */
  call<Input, Output>(agent: Agent<Input, Output>, input: Input, options?: Pick<StepOptions, 'key' | 'retry' | 'timeout'>): Promise<Output>

  /**
   * Stores a named blob with the run; the same name again replaces it. Text and bytes are stored as they are, other values as JSON.
   * @param options.contentType default: by the name's ending, else `application/octet-stream`
   */
  artifact(name: string, data: unknown, options?: { contentType?: string }): Promise<void>

  /** Puts an item on the run's event stream. Done when it is stored. Steps that come back on a resume don't emit again. */
  emit(name: string, data: unknown): Promise<void>

  /** The examples of a few-shot set, best first. The set's version is noted on the trace. */
  fewShot(set: string, options?: FewShotOptions): Promise<FewShotExample[]>

  /**
   * Waits for a signal, as a person's approval; one that came earlier is taken at once. It holds this process while it waits.
   * @returns the signal's payload; undefined after `timeout`
   */
  signal<T = unknown>(name: string, options?: SignalOptions): Promise<T | undefined>

  /** Waits. The time of waking is stored: a resume waits for the rest only. It holds this process while it waits. */
  sleep(duration: Duration, options?: { key?: string }): Promise<void>

  /** A key for the other side of a step of this scope, stable over retries and executions. */
  idempotencyKey(step: string): string
}
