/** What a run waits for: until a time, or until something comes in. */
interface Wait {
  /** Unix time in milliseconds; infinite where only a signal ends the wait. */
  readonly untilMs: number
}

/**
 * Notices that a run and the children in its process do nothing but wait, so that no process need be kept for them.
 * Only what the runtime knows of counts as work: a step's body, its retries and its checkpoint.
 */
export class IdleRelease {
  readonly #afterMs: number
  readonly #onIdle: () => void
  readonly #waits = new Set<Wait>()
  #working = 0
  #timer: NodeJS.Timeout | null = null
  #releasedUntilMs = Number.POSITIVE_INFINITY

  /** @param afterMs how long nothing but waiting must have gone on; waits that end sooner than twice that are sat out */
  constructor(afterMs: number, onIdle: () => void) {
    this.#afterMs = afterMs
    this.#onIdle = onIdle
  }

  /** Work begins. Gives the function that ends it. */
  work(): () => void {
    this.#working++
    this.#look()
    return once(() => {
      this.#working--
      this.#look()
    })
  }

  /** A wait begins. Gives the function that ends it. */
  wait(untilMs: number): () => void {
    const wait: Wait = { untilMs }
    this.#waits.add(wait)
    this.#look()
    return once(() => {
      this.#waits.delete(wait)
      this.#look()
    })
  }

  /** Until when the run was let go, in Unix milliseconds; infinite where only a signal wakes it. */
  get releasedUntilMs(): number {
    return this.#releasedUntilMs
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #look(): void {
    this.close()
    if (this.#working > 0 || this.#waits.size === 0) return
    let untilMs = Number.POSITIVE_INFINITY
    for (const wait of this.#waits) untilMs = Math.min(untilMs, wait.untilMs)
    if (untilMs - Date.now() < 2 * this.#afterMs) return
    this.#timer = setTimeout(() => {
      this.#releasedUntilMs = untilMs
      this.#onIdle()
    }, this.#afterMs)
  }
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
