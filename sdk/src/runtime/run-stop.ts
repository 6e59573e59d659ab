import { setMaxListeners } from 'node:events'
import { RunStoppedError, type StopReason } from '../errors.ts'

/** Stops one execution in this process: at once (`stop`), or before its next step (`drain`). The first reason stands. */
export class RunStop {
  readonly runId: string
  readonly #controller = new AbortController()
  #reason: StopReason | null = null
  #draining = false
  #refusedStep = false
  /** What waits for a step's work: a set of its own costs a fraction of the signal's listeners, of which each step had two. */
  readonly #racing = new Set<(reason: unknown) => void>()

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
      const stopped = new RunStoppedError(this.runId, reason)
      this.#controller.abort(stopped)
      for (const reject of this.#racing) reject(stopped)
      this.#racing.clear()
    }
    return new RunStoppedError(this.runId, this.#reason)
  }

  /** The promise's outcome, or the stop if that comes first. What the promise does later is ignored. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      promise.then(
        (value) => {
          this.#racing.delete(reject)
          resolve(value)
        },
        (error: unknown) => {
          this.#racing.delete(reject)
          reject(error)
        },
      )
      if (this.signal.aborted) reject(this.signal.reason)
      else this.#racing.add(reject)
    })
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
