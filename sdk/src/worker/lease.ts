import { StarvationGuard } from './starvation-guard.ts'

/** A margin for the collector's clock and for the time that its word takes. */
const SURE_SHARE = 0.8

interface Grant {
  readonly leaseMs: number
  readonly heartbeatMs: number
}

/** A worker's lease as its own process can know it: when the collector last said that it holds, and when this thread last looked. */
export class Lease {
  #grant: Grant = { leaseMs: 10_000, heartbeatMs: 2_000 }
  #confirmedAt = 0
  #lookedAt: number | null = null
  #guard: StarvationGuard | null = null

  get heartbeatMs(): number {
    return this.#grant.heartbeatMs
  }

  granted(grant: Grant): void {
    this.#grant = grant
    this.#lookedAt = this.#confirmedAt = performance.now()
  }

  confirmed(): void {
    this.#confirmedAt = performance.now()
  }

  /** This thread runs. */
  looked(): void {
    this.#guard?.mainLives()
    if (this.#lookedAt !== null) this.#lookedAt = performance.now()
  }

  /**
   * Whether the collector may have given the runs to others. Known to be away, it gives them to nobody; unless this process was frozen
   * since it last looked.
   */
  mayHavePassed({ collectorIsAway }: { collectorIsAway: boolean }): boolean {
    return (collectorIsAway ? this.#unseenMs() : this.#silentMs()) > this.#grant.leaseMs * SURE_SHARE
  }

  /** Nobody has confirmed it for its whole length. */
  get isSilent(): boolean {
    return this.#silentMs() > this.#grant.leaseMs
  }

  /** From now on a thread of its own holds it too, while a step blocks this one. */
  guard(worker: { url: string; apiKey: string | undefined; workerId: string }): void {
    this.#guard ??= new StarvationGuard({ ...worker, everyMs: this.#grant.heartbeatMs })
  }

  unguard(): void {
    this.#guard?.stop()
    this.#guard = null
  }

  #silentMs(): number {
    return Math.min(performance.now() - this.#confirmedAt, this.#guard?.silentMs ?? Number.POSITIVE_INFINITY)
  }

  /** 0 in a process that has had no lease. */
  #unseenMs(): number {
    return this.#lookedAt === null ? 0 : performance.now() - this.#lookedAt
  }
}
