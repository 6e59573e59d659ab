import type { ErrorCode } from './protocol/errors.ts'
import type { StoredError } from './protocol/run.ts'

/** What went wrong, for code that decides by it: the collector's codes and the SDK's own. */
export type CairnErrorCode =
  | ErrorCode
  | 'invalid_config'
  | 'invalid_input'
  | 'invalid_step'
  | 'step_collision'
  | 'step_timeout'
  | 'non_determinism'
  | 'unknown_effect'
  | 'collector_unreachable'
  | 'run_failed'
  | 'run_cancelled'
  | 'run_paused'
  | 'run_waiting'
  | 'lease_lost'
  | 'journal_failed'
  | 'worker_stopping'
  | 'timeout'
  | 'closed'

/** Base of every error that this package throws on purpose. `code` says which, `message` says what to do. */
export class CairnError extends Error {
  override readonly name: string = 'CairnError'
  readonly code: CairnErrorCode
  readonly details: unknown
  constructor(code: CairnErrorCode, message: string, options: { cause?: unknown; details?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details
  }
}

/** The agent's input doesn't fit its schema. The message names each field. */
export class InvalidInputError extends CairnError {
  override readonly name = 'InvalidInputError'
  constructor(agent: string, problems: readonly string[]) {
    super('invalid_input', `Input of agent "${agent}" is not valid: ${problems.join('; ')}.`, { details: problems })
  }
}

/** Two steps would have had the same key, so that a resume couldn't tell them apart. */
export class StepCollisionError extends CairnError {
  override readonly name = 'StepCollisionError'
  constructor(message: string) {
    super('step_collision', message)
  }
}

/** A step passed its `timeout`. */
export class StepTimeoutError extends CairnError {
  override readonly name = 'StepTimeoutError'
  constructor(key: string, timeoutMs: number) {
    super('step_timeout', `Step "${key}" took longer than its timeout of ${timeoutMs} ms.`)
  }
}

/** A finished step was asked again with another input, and its `onInputChange` is `fail`. */
export class NonDeterminismError extends CairnError {
  override readonly name = 'NonDeterminismError'
  constructor(key: string) {
    super(
      'non_determinism',
      `Step "${key}" was checkpointed with another input. Give the step a key that follows its input, or set onInputChange to "reuse" or "rerun".`,
    )
  }
}

/** A step of effect `once` began in an execution that crashed: nobody knows whether its effect took place. */
export class UnknownEffectError extends CairnError {
  override readonly name = 'UnknownEffectError'
  constructor(key: string) {
    super(
      'unknown_effect',
      `Step "${key}" began before a crash, and nobody knows whether it took place. Look at the other side; its idempotency key tells repeats.`,
    )
  }
}

/** No collector answered. */
export class CollectorUnreachableError extends CairnError {
  override readonly name = 'CollectorUnreachableError'
  constructor(url: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause)
    super('collector_unreachable', `No Cairn collector answers at ${url} (${why}). Start it with "npm start", or set CAIRN_URL.`, { cause })
  }
}

/** Whether an error says that the collector can't answer now, and may later. */
export const isAway = (error: unknown): boolean =>
  error instanceof CairnError && (error.code === 'collector_unreachable' || error.code === 'unavailable' || error.code === 'rate_limited')

/** `result()` of a run whose agent threw. `error` is what was stored of it. */
export class AgentFailedError extends CairnError {
  override readonly name = 'AgentFailedError'
  readonly runId: string
  readonly error: StoredError | null
  constructor(runId: string, error: StoredError | null) {
    super('run_failed', error ? `Run ${runId} failed: ${error.type}: ${error.message}` : `Run ${runId} failed.`)
    this.runId = runId
    this.error = error
  }
}

/** Why a run stops in this process without having ended by itself. */
export type StopReason = 'stale_execution' | 'lease_lost' | 'run_cancelled' | 'run_paused' | 'run_waiting' | 'worker_stopping'

const STOP_MESSAGES: Readonly<Record<StopReason, string>> = Object.freeze({
  stale_execution: 'belongs to a later execution now, so it stops here',
  lease_lost: 'lost its lease, because the collector could not be reached in time, so it stops here',
  run_cancelled: 'was cancelled',
  run_paused: 'was paused',
  run_waiting: 'only waits, so it is let go until there is something to do',
  worker_stopping: 'is handed back, because its worker is stopping',
})

/** Thrown from steps of a run that has to stop, and the reason of its `abortSignal`. Don't catch it for good. */
export class RunStoppedError extends CairnError {
  override readonly name = 'RunStoppedError'
  readonly runId: string
  readonly reason: StopReason
  constructor(runId: string, reason: StopReason) {
    super(reason, `Run ${runId} ${STOP_MESSAGES[reason]}.`)
    this.runId = runId
    this.reason = reason
  }
}
