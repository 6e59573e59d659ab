import { CairnError, RunStoppedError } from '../errors.ts'
import type { CheckpointSender, SendOptions, StoredItem } from '../transport/checkpoint-sender.ts'
import type { RunStop } from './run-stop.ts'

/** When a step's outcome is stored: before the step returns, behind it in order, or when the run ends or stops. */
export type Durability = 'sync' | 'async' | 'exit'

type List = 'checkpoints' | 'emitted'

/** Past this many outcomes on their way the next step waits: memory is bounded. */
const MOST_BEHIND = 1_000
/** Reasons after which the collector would refuse what is written. */
const REFUSED = new Set(['stale_execution'])

/** Writes one execution's outcomes as its durability mode says, and obeys what the collector answers. */
export class CheckpointWriter {
  readonly #sender: CheckpointSender
  readonly #stop: RunStop
  readonly #durability: Durability
  readonly #behind = new Set<Promise<void>>()
  #held: { list: List; json: string }[] = []
  #failure: { error: unknown } | null = null

  constructor(sender: CheckpointSender, stop: RunStop, durability: Durability) {
    this.#sender = sender
    this.#stop = stop
    this.#durability = durability
  }

  /**
   * Stores an outcome or an emitted item, now or later.
   * @throws {RunStoppedError} when the run must stop here; the error of an earlier write that went wrong behind
   */
  async write(list: List, json: string, options: SendOptions = {}): Promise<void> {
    if (this.#failure !== null) throw this.#failure.error
    if (options.needsCollector) await this.settled()
    if (options.needsCollector || this.#durability === 'sync') {
      await this.#obey(this.#stop.race(this.#sender.send(list, json, options)))
      return
    }
    this.#held.push({ list, json })
    if (this.#durability === 'exit') return
    this.#sendHeld()
    if (this.#behind.size >= MOST_BEHIND) await this.#stop.race(Promise.race(this.#behind))
  }

  /** Done when everything written so far is stored. @throws the first error of it */
  async settled(): Promise<void> {
    if (REFUSED.has(this.#stop.reason ?? '')) return
    this.#sendHeld()
    while (this.#behind.size > 0) await Promise.all(this.#behind)
    if (this.#failure !== null) throw this.#failure.error
  }

  #sendHeld(): void {
    for (const { list, json } of this.#held.splice(0)) {
      const sent = this.#obey(this.#sender.send(list, json))
        .catch((error: unknown) => {
          this.#failure ??= { error }
        })
        .finally(() => this.#behind.delete(sent))
      this.#behind.add(sent)
    }
  }

  async #obey(sending: Promise<StoredItem>): Promise<void> {
    let control: StoredItem['control']
    try {
      control = (await sending).control
    } catch (error) {
      throw toStop(this.#stop, error)
    }
    if (control === null) return
    const stopped = this.#stop.stop(control === 'cancel' ? 'run_cancelled' : 'run_paused')
    // Who wrote behind isn't there to hear it: the next step is.
    if (this.#durability === 'sync') throw stopped
  }
}

/** Errors of the collector that end the execution here; others are the step's. */
export function toStop(stop: RunStop, error: unknown): unknown {
  if (!(error instanceof CairnError) || error instanceof RunStoppedError) return error
  if (error.code === 'stale_execution') return stop.stop('stale_execution')
  if (error.code === 'collector_unreachable' || error.code === 'unavailable' || error.code === 'journal_failed')
    return stop.stop('lease_lost')
  return error
}
