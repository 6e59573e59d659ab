import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { WebSocket } from 'ws'
import type { Config } from '../config.ts'
import { CairnError, CollectorUnreachableError } from '../errors.ts'
import { StoredBatch } from '../protocol/step.ts'

const CONNECT_TIMEOUT_MS = 5_000
const ANSWER_TIMEOUT_MS = 15_000
/** After a connection that failed or broke, none is tried for this long. */
const PAUSE_MS = 1_000

interface Pending {
  readonly resolve: (answer: StoredBatch) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/**
 * A connection for batches of checkpoints: a frame there and a frame back costs a fraction of an HTTP request. Whoever finds it
 * not open sends by HTTP, and so does whoever lost an answer with it: storing twice is harmless.
 */
export class CheckpointSocket {
  readonly #config: Pick<Config, 'url' | 'apiKey'>
  readonly #pending = new Map<number, Pending>()
  #socket: WebSocket | null = null
  #open = false
  #closed = false
  #notBefore = 0
  #count = 0

  constructor(config: Pick<Config, 'url' | 'apiKey'>) {
    this.#config = config
  }

  /** Whether a batch can go this way now. If not, it is made ready for later ones. */
  get isOpen(): boolean {
    if (!this.#open) this.#connect()
    return this.#open
  }

  /**
   * Sends one batch, given as the inside of a JSON object.
   * @throws {CairnError} with the collector's code; `collector_unreachable` where the connection broke before the answer
   */
  send(fields: string): Promise<StoredBatch> {
    const id = ++this.#count
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(this.#away('no answer in time')), ANSWER_TIMEOUT_MS)
      this.#pending.set(id, { resolve, reject, timer })
      this.#socket?.send(`{"id":${id},${fields}}`)
    })
  }

  close(): void {
    this.#closed = true
    this.#socket?.terminate()
  }

  #connect(): void {
    if (this.#socket !== null || this.#closed || performance.now() < this.#notBefore) return
    const { url, apiKey } = this.#config
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
    const socket = context.with(
      suppressTracing(context.active()),
      () =>
        new WebSocket(`${url.replace(/^http/, 'ws')}/api/v1/checkpoints`, {
          headers,
          handshakeTimeout: CONNECT_TIMEOUT_MS,
          perMessageDeflate: false,
        }),
    )
    this.#socket = socket
    let cause: unknown = 'the connection broke'
    // What waits for an answer holds a timer, which keeps the process alive; an idle connection must not.
    socket.on('upgrade', (response) => response.socket.unref())
    socket.on('open', () => {
      this.#open = true
    })
    socket.on('message', (data) => this.#receive(String(data)))
    socket.on('error', (error) => {
      cause = error
    })
    socket.on('close', () => {
      this.#socket = null
      this.#open = false
      this.#notBefore = performance.now() + PAUSE_MS
      for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.#away(cause))
    })
  }

  #receive(text: string): void {
    const answer = StoredBatch.parse(JSON.parse(text))
    const pending = this.#settle(answer.id)
    if (answer.error === undefined) pending?.resolve(answer)
    else pending?.reject(new CairnError(answer.error.code, answer.error.message, { details: answer.error.details }))
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    if (pending !== undefined) clearTimeout(pending.timer)
    this.#pending.delete(id)
    return pending
  }

  #away(cause: unknown): CollectorUnreachableError {
    return new CollectorUnreachableError(this.#config.url, cause)
  }
}
