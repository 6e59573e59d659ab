import type { Duration } from './duration.ts'
import type { RetryOptions } from './retry.ts'

/** How one step runs. */
export interface StepOptions {
  /** Tells steps of one name apart, for fan-out: the step's key is this instead of its name. */
  key?: string
  /** Attempts in this execution, each a span of its own. Default: one. */
  retry?: RetryOptions
  /** Longest time of one attempt. Default: none. */
  timeout?: Duration
  /**
   * `once`: the step's effect must not happen twice unasked (a payment, a mail). Its start is stored before its body runs, so that a
   * crash in between is known as that: the step is `unknown` then, and `onInterrupted` says what follows.
   */
  effect?: 'once'
  /**
   * For `effect: 'once'`, when a crash left no outcome. `ask` (default): the run stays crashed until a person says run it again or
   * skip it with an output. `rerun`: it runs again. `fail`: it throws `UnknownEffectError`, which the agent may catch.
   */
  onInterrupted?: 'rerun' | 'ask' | 'fail'
  /**
   * How often steps of this `key` may begin in a `period`, over all workers: `limit` at once, then evenly. Each attempt waits for its
   * turn within its `timeout`; a step that comes back from its checkpoint takes none. The same key with another limit counts apart.
   * @example { rateLimit: { key: 'openai', limit: 60, period: '1m' } }
   */
  rateLimit?: { key: string; limit: number; period: Duration }
  /**
   * Takes the output that a step of any run of the project has made under this key, and keeps this one's for others: at most 500
   * characters, at most 30 days. Put into the key all that the output depends on. A hit runs no code; its span says what it saved.
   */
  cache?: { key: string; ttl: Duration }
  /** `false` stores no checkpoint: the step runs again in every execution. Default: `true`. */
  durable?: boolean
  /** What the step works on: shown with it, and compared when a finished step comes back. */
  input?: unknown
  /**
   * What to do when a finished step is called with another `input` than it was stored with: take the stored output and say so
   * (`warn`, default), take it (`reuse`), run the step again under a key that follows the input (`rerun`), or throw
   * `NonDeterminismError` (`fail`).
   */
  onInputChange?: 'warn' | 'reuse' | 'rerun' | 'fail'
}

/** What a step's function is given. */
export interface StepContext {
  /** The step's key: scope path, name, occurrence. */
  readonly key: string
  /** 1 for the first attempt in this execution. */
  readonly attempt: number
  /** Fires when the run is stopped or the step's timeout passes. Give it to model clients and `fetch`. */
  readonly signal: AbortSignal
  /** Stable over retries and executions, for the other side to tell repeats by. */
  readonly idempotencyKey: string
}
