import type { ReplayedStep } from '../protocol/claim.ts'

/** Finished steps of earlier executions, by key. */
export class Replay {
  readonly #steps = new Map<string, ReplayedStep>()
  /** Steps of effect `once` that began, and of which no outcome is known. */
  readonly #unknown = new Set<string>()
  /** Waits that an earlier execution began: since when. */
  readonly #waiting = new Map<string, string>()
  readonly #notYetCalled = new Set<string>()
  /** Steps that finished within a step: they come back with it, without being called. */
  readonly #within = new Map<string, string[]>()
  readonly #onEnd: () => void

  /** @param onEnd called once the last of them came back */
  constructor(steps: readonly ReplayedStep[], onEnd: () => void) {
    this.#onEnd = onEnd
    const byScope = new Map<string, string[]>()
    for (const step of steps) {
      if (step.status === 'unknown') this.#unknown.add(step.key)
      if (step.status === 'started' && step.startedAt !== null) this.#waiting.set(step.key, step.startedAt)
      // A failed or interrupted step runs again.
      if (step.status !== 'succeeded') continue
      this.#steps.set(step.key, step)
      this.#notYetCalled.add(step.key)
      // Stored before the step around them; what is only named alike is stored after it.
      const within = byScope.get(step.key)
      if (within !== undefined) this.#within.set(step.key, [...within])
      for (const scope of scopesOf(step.key)) {
        const known = byScope.get(scope)
        if (known === undefined) byScope.set(scope, [step.key])
        else known.push(step.key)
      }
    }
  }

  /** Whether the code is still among steps that it has been through before. */
  get isUnderway(): boolean {
    return this.#notYetCalled.size > 0
  }

  get(key: string): ReplayedStep | undefined {
    return this.#steps.get(key)
  }

  /** When a wait began in an earlier execution, RFC 3339. */
  waitingSince(key: string): string | undefined {
    return this.#waiting.get(key)
  }

  isUnknown(key: string): boolean {
    return this.#unknown.has(key)
  }

  /** Its outcome will be known from here on. */
  decided(key: string): void {
    this.#unknown.delete(key)
  }

  /** Those whose key begins so and that were not called yet, in the order in which they were stored. */
  uncalled(prefix: string): ReplayedStep[] {
    return [...this.#steps.values()].filter(({ key }) => key.startsWith(prefix) && this.#notYetCalled.has(key))
  }

  /** Notes that a step came back from its checkpoint. */
  passed(key: string): void {
    if (!this.#notYetCalled.delete(key)) return
    for (const inner of this.#within.get(key) ?? []) this.#notYetCalled.delete(inner)
    if (this.#notYetCalled.size === 0) this.#onEnd()
  }

  /** A step was done that was not done before: stored ones that were not called by then may never be. */
  end(): void {
    if (this.#notYetCalled.size === 0) return
    this.#notYetCalled.clear()
    this.#onEnd()
  }

  /** A step finished in this execution: it comes back if the step around it is tried again. */
  add(step: ReplayedStep): void {
    this.#steps.set(step.key, step)
  }
}

/** `a` and `a/b` of `a/b/c`. */
function scopesOf(key: string): string[] {
  const scopes: string[] = []
  for (let at = key.indexOf('/'); at > 0; at = key.indexOf('/', at + 1)) scopes.push(key.slice(0, at))
  return scopes
}
