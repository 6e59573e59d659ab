import type { ReplayedStep } from '../protocol/claim.ts'

/** Finished steps of earlier executions, by key. */
export class Replay {
  readonly #steps = new Map<string, ReplayedStep>()
  /** Steps of effect `once` that began, and of which no outcome is known. */
  readonly #unknown = new Set<string>()
  readonly #notYetCalled = new Set<string>()
  readonly #onEnd: () => void

  /** @param onEnd called once the last of them came back */
  constructor(steps: readonly ReplayedStep[], onEnd: () => void) {
    this.#onEnd = onEnd
    for (const step of steps) {
      if (step.status === 'unknown') this.#unknown.add(step.key)
      // A failed or interrupted step runs again.
      if (step.status !== 'succeeded') continue
      this.#steps.set(step.key, step)
      this.#notYetCalled.add(step.key)
    }
  }

  /** Whether the code is still among steps that it has been through before. */
  get isUnderway(): boolean {
    return this.#notYetCalled.size > 0
  }

  get(key: string): ReplayedStep | undefined {
    return this.#steps.get(key)
  }

  isUnknown(key: string): boolean {
    return this.#unknown.has(key)
  }

  /** Its outcome will be known from here on. */
  decided(key: string): void {
    this.#unknown.delete(key)
  }

  /** Notes that a step came back from its checkpoint. */
  passed(key: string): void {
    if (this.#notYetCalled.delete(key) && this.#notYetCalled.size === 0) this.#onEnd()
  }

  /** A step finished in this execution: it comes back if the step around it is tried again. */
  add(step: ReplayedStep): void {
    this.#steps.set(step.key, step)
  }
}
