import { CairnError } from '../errors.ts'
import { LIMITS } from '../protocol/limits.ts'
import type { RunControl } from '../protocol/step.ts'
import { CheckpointAnswer, type CheckpointResult } from '../protocol/step.ts'
import type { HttpClient } from './http-client.ts'

/** Answer to one item: stored, or why not. */
export interface StoredItem {
  control: RunControl | null
}

interface Item {
  list: 'checkpoints' | 'emitted'
  json: string
  resolve: (stored: StoredItem) => void
  reject: (error: unknown) => void
}

/** One request stays well under the collector's limit, and one large output doesn't hold up a thousand small ones. */
const MAX_REQUEST_CHARS = 8 * 1024 * 1024

/**
 * Group commit: items made while a request is in flight share the next one.
 * One request at a time keeps a run's items in their order.
 */
export class CheckpointSender {
  readonly #http: HttpClient
  readonly #retryForMs: number
  #queue: Item[] = []
  #sending = false

  constructor(http: HttpClient, retryForMs: number) {
    this.#http = http
    this.#retryForMs = retryForMs
  }

  /** @param json one Checkpoint or EmittedItem as JSON text */
  send(list: Item['list'], json: string): Promise<StoredItem> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ list, json, resolve, reject })
      if (this.#sending) return
      this.#sending = true
      // After the microtasks of this tick, so that steps that end together go together.
      process.nextTick(() => void this.#drain())
    })
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) await this.#post(this.#takeBatch())
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
      const answer = await this.#http.request({
        method: 'POST',
        path: '/api/v1/checkpoints',
        body: `{"checkpoints":[${checkpoints.map((i) => i.json).join(',')}],"emitted":[${emitted.map((i) => i.json).join(',')}]}`,
        retryForMs: this.#retryForMs,
      })
      const { results, emitted: emittedResults } = CheckpointAnswer.parse(answer.body)
      settle(checkpoints, results)
      settle(emitted, emittedResults)
    } catch (error) {
      // A refusal names no item: sent one by one, only the one that is at fault fails.
      const refused = error instanceof CairnError && (error.code === 'invalid_request' || error.code === 'payload_too_large')
      if (refused && batch.length > 1) for (const item of batch) await this.#post([item])
      else for (const item of batch) item.reject(error)
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
