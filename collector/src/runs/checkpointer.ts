import { type CheckpointRow, type CheckpointVerdict, storeCheckpoints } from '@cairn/prisma'
import type { Pool } from 'pg'

interface Waiting {
  readonly item: CheckpointRow
  readonly resolve: (verdict: CheckpointVerdict) => void
  readonly reject: (error: unknown) => void
}

const MAX_BATCH = 500

/**
 * Group commit: checkpoints that arrive while a flush is in flight share the next one, whatever runs they belong to.
 * One flush a project at a time, so that the order of `run_seq` is the order of commits.
 */
export class Checkpointer {
  readonly #pool: Pool
  readonly #queues = new Map<string, Waiting[]>()
  readonly #flushing = new Set<string>()
  #idle: (() => void)[] = []

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Checkpoints that wait for their flush. */
  get waiting(): number {
    let sum = 0
    for (const queue of this.#queues.values()) sum += queue.length
    return sum
  }

  store(projectId: string, items: readonly CheckpointRow[]): Promise<CheckpointVerdict[]> {
    const queue = this.#queues.get(projectId) ?? []
    this.#queues.set(projectId, queue)
    const verdicts = items.map((item) => new Promise<CheckpointVerdict>((resolve, reject) => queue.push({ item, resolve, reject })))
    if (!this.#flushing.has(projectId)) {
      this.#flushing.add(projectId)
      void this.#drain(projectId, queue)
    }
    return Promise.all(verdicts)
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    if (this.#flushing.size === 0) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  async #drain(projectId: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch(queue)
      try {
        settle(
          batch,
          await storeCheckpoints(
            this.#pool,
            projectId,
            batch.map((w) => w.item),
          ),
        )
      } catch (error) {
        if (batch.length === 1 || !isDataError(error)) for (const waiting of batch) waiting.reject(error)
        else await this.#storeSingly(projectId, batch)
      }
    }
    this.#flushing.delete(projectId)
    this.#queues.delete(projectId)
    if (this.#flushing.size === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** One bad item must not fail the others of its batch. */
  async #storeSingly(projectId: string, batch: Waiting[]): Promise<void> {
    for (const waiting of batch) {
      try {
        settle([waiting], await storeCheckpoints(this.#pool, projectId, [waiting.item]))
      } catch (error) {
        waiting.reject(error)
      }
    }
  }
}

/** The next items, none naming the step of another: a second outcome of one step waits for the next flush. */
function takeBatch(queue: Waiting[]): Waiting[] {
  const batch: Waiting[] = []
  const later: Waiting[] = []
  const steps = new Set<string>()
  while (queue.length > 0 && batch.length < MAX_BATCH) {
    const next = queue.shift()
    if (next === undefined) break
    const step = `${next.item.runId} ${next.item.key}`
    if (steps.has(step)) later.push(next)
    else {
      steps.add(step)
      batch.push(next)
    }
  }
  queue.unshift(...later)
  return batch
}

function settle(batch: readonly Waiting[], verdicts: readonly CheckpointVerdict[]): void {
  batch.forEach((waiting, i) => {
    const verdict = verdicts[i]
    if (verdict === undefined) waiting.reject(new Error('Postgres answered fewer verdicts than it was given checkpoints'))
    else waiting.resolve(verdict)
  })
}

/** SQLSTATE classes 22 (data) and 23 (constraint): the item is at fault, not the store. */
const isDataError = (error: unknown) => error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code))
