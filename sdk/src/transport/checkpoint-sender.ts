import { CairnError, CollectorUnreachableError, isAway } from '../errors.ts'
import type { LateAnswer, OutageJournal } from '../journal/outage-journal.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { RunControl } from '../protocol/step.ts'
import { CheckpointAnswer, type CheckpointResult } from '../protocol/step.ts'
import type { CheckpointSocket } from './checkpoint-socket.ts'
import type { HttpClient } from './http-client.ts'

/** Answer to one item: stored, or why not. */
export interface StoredItem {
  control: RunControl | null
}

export interface SendOptions {
  /** The collector itself must have it before anything goes on: the journal won't do. */
  needsCollector?: boolean
}

export interface SenderOptions {
  socket: CheckpointSocket
  /** How long an item waits for a collector that doesn't answer, where no journal can take it, in milliseconds. */
  waitMs: number
  /** How long it waits before the journal takes it, in milliseconds. */
  journalAfterMs: number
  /** Opens what keeps items while the collector is away; null where they must wait for it. */
  journal: ((onAnswer: LateAnswer) => OutageJournal) | null
}

interface Item {
  list: 'checkpoints' | 'emitted'
  json: string
  needsCollector: boolean
  resolve: (stored: StoredItem) => void
  reject: (error: unknown) => void
}

/** One request stays well under the collector's limit, and one large output doesn't hold up a thousand small ones. */
const MAX_REQUEST_CHARS = 8 * 1024 * 1024
/** Larger batches go by HTTP: a frame is held in memory whole, on both sides. */
const MAX_FRAME_CHARS = 512 * 1024
/**
 * Group commit: items made while a request is in flight share the next one.
 * One request at a time keeps a run's items in their order. While the collector is away they go to the journal.
 */
export class CheckpointSender {
  readonly #http: HttpClient
  readonly #options: SenderOptions
  readonly #watching = new Map<string, LateAnswer>()
  #journal: OutageJournal | null = null
  #queue: Item[] = []
  #sending = false

  constructor(http: HttpClient, options: SenderOptions) {
    this.#http = http
    this.#options = options
  }

  /** Whether something waits in the journal for the collector. */
  get isBridging(): boolean {
    return this.#journal?.isHolding === true
  }

  /** @param json one Checkpoint or EmittedItem as JSON text */
  async send(list: Item['list'], json: string, { needsCollector = false }: SendOptions = {}): Promise<StoredItem> {
    if (needsCollector && this.isBridging) await this.#waitForCollector()
    return new Promise((resolve, reject) => {
      this.#queue.push({ list, json, needsCollector, resolve, reject })
      if (this.#sending) return
      this.#sending = true
      // After the microtasks of this tick, so that steps that end together go together.
      process.nextTick(() => void this.#drain())
    })
  }

  /**
   * Sends a request of its own after everything before it.
   * @returns the answer; undefined where the journal keeps it for the collector
   */
  async post(path: string, json: string): Promise<unknown> {
    if (!this.isBridging) {
      try {
        const retryForMs = this.#options.journal === null ? this.#options.waitMs : this.#options.journalAfterMs
        return (await this.#http.request({ method: 'POST', path, body: json, retryForMs })).body
      } catch (error) {
        if (!isAway(error)) throw error
        await this.#openJournal(error).append({ post: path, json })
        return undefined
      }
    }
    await this.#journal?.append({ post: path, json })
    return undefined
  }

  /** Keeps a request for the collector, which is known to be away. @throws where no journal may take it */
  async keep(path: string, json: string, why: unknown): Promise<void> {
    await this.#openJournal(why).append({ post: path, json })
  }

  /** Hears what the collector says to a run's items that it got late. Gives the function that ends it. */
  watch(runId: string, onAnswer: LateAnswer): () => void {
    this.#watching.set(runId, onAnswer)
    return () => {
      if (this.#watching.get(runId) === onAnswer) this.#watching.delete(runId)
    }
  }

  /** Done when the collector has what the journal kept, or after `timeoutMs`. Never rejects. */
  async drained(timeoutMs?: number): Promise<void> {
    await this.#journal?.drained(timeoutMs)
  }

  async close(): Promise<void> {
    this.#options.socket.close()
    await this.#journal?.close(0)
  }

  #openJournal(why: unknown): OutageJournal {
    const { journal } = this.#options
    if (journal === null) throw why
    this.#journal ??= journal((result, item) => this.#watching.get(result.runId)?.(result, item))
    return this.#journal
  }

  async #waitForCollector(): Promise<void> {
    await this.#journal?.drained(this.#options.waitMs)
    if (this.isBridging) throw new CollectorUnreachableError(this.#http.url, 'it is still away')
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch()
      if (this.isBridging) this.#keep(batch, new CollectorUnreachableError(this.#http.url, 'it is away'))
      else await this.#post(batch)
    }
    this.#sending = false
  }

  #takeBatch(): Item[] {
    let chars = 0
    let count = 0
    for (const item of this.#queue) {
      if (count > 0 && (chars + item.json.length > MAX_REQUEST_CHARS || count >= LIMITS.checkpointsPerRequest)) break
      chars += item.json.length
      count++
    }
    return this.#queue.splice(0, count)
  }

  async #post(batch: Item[]): Promise<void> {
    const checkpoints = batch.filter((item) => item.list === 'checkpoints')
    const emitted = batch.filter((item) => item.list === 'emitted')
    try {
      const canWait = this.#options.journal === null || batch.every((item) => item.needsCollector)
      const fields = `"checkpoints":[${checkpoints.map((i) => i.json).join(',')}],"emitted":[${emitted.map((i) => i.json).join(',')}]`
      const { results, emitted: emittedResults } = await this.#submit(fields, canWait ? this.#options.waitMs : this.#options.journalAfterMs)
      settle(checkpoints, results)
      settle(emitted, emittedResults)
    } catch (error) {
      if (isAway(error)) return this.#keep(batch, error)
      // A refusal names no item: sent one by one, only the one that is at fault fails.
      const refused = error instanceof CairnError && (error.code === 'invalid_request' || error.code === 'payload_too_large')
      if (refused && batch.length > 1) for (const item of batch) await this.#post([item])
      else for (const item of batch) item.reject(error)
    }
  }

  async #submit(fields: string, retryForMs: number): Promise<CheckpointAnswer> {
    const { socket } = this.#options
    if (fields.length <= MAX_FRAME_CHARS && socket.isOpen) {
      try {
        return await socket.send(fields)
      } catch (error) {
        // With a lost connection the answer may be lost only: the request is repeated, and finds its items stored.
        if (!isAway(error)) throw error
      }
    }
    const { body } = await this.#http.request({ method: 'POST', path: '/api/v1/checkpoints', body: `{${fields}}`, retryForMs })
    return CheckpointAnswer.parse(body)
  }

  #keep(batch: readonly Item[], why: unknown): void {
    for (const item of batch) {
      if (item.needsCollector || this.#options.journal === null) item.reject(why)
      else
        this.#openJournal(why)
          .append(item)
          .then(() => item.resolve({ control: null }), item.reject)
    }
  }
}

function settle(items: Item[], results: CheckpointResult[]): void {
  items.forEach((item, i) => {
    const result = results[i]
    if (result === undefined) item.reject(new CairnError('internal', 'The collector gave no answer for a checkpoint.'))
    else if (result.status < 300) item.resolve({ control: result.control })
    else
      item.reject(new CairnError(toCode(result), result.error?.message ?? `The collector refused step "${result.key}" (${result.status}).`))
  })
}

function toCode(result: CheckpointResult): CairnError['code'] {
  const code = result.error?.code
  if (code === 'stale_execution' || code === 'step_conflict' || code === 'not_found' || code === 'invalid_request') return code
  return result.status === 404 ? 'not_found' : 'internal'
}
