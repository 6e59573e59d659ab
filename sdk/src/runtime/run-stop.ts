import { setMaxListeners } from 'node:events'
import { RunStoppedError, type StopReason } from '../errors.ts'

/** Stops one execution in this process: at once (`stop`), or before its next step (`drain`). The first reason stands. */
export class RunStop {
  readonly runId: string
  readonly #controller = new AbortController()
  #reason: StopReason | null = null
  #draining = false
  #refusedStep = false

  constructor(runId: string) {
    this.runId = runId
    // Each step in flight listens, and a fan-out may have thousands.
    setMaxListeners(0, this.#controller.signal)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Why the execution ended here, if it did not by itself. */
  get reason(): StopReason | null {
    return this.#reason ?? (this.#refusedStep ? 'worker_stopping' : null)
  }

  stop(reason: StopReason): RunStoppedError {
    if (this.#reason === null) {
      this.#reason = reason
      this.#controller.abort(new RunStoppedError(this.runId, reason))
    }
    return new RunStoppedError(this.runId, this.#reason)
  }

  /** Steps in flight finish and are checkpointed; the next one is refused. */
  drain(): void {
    this.#draining = true
  }

  /** @throws {RunStoppedError} if no step may begin any more */
  check(): void {
    if (this.#reason !== null) throw new RunStoppedError(this.runId, this.#reason)
    if (!this.#draining) return
    this.#refusedStep = true
    throw new RunStoppedError(this.runId, 'worker_stopping')
  }
}
