import { diag } from '@opentelemetry/api'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { isAway } from '../errors.ts'
import { SpanSpool } from '../journal/span-spool.ts'
import { sleepMs } from '../runtime/abort.ts'
import { backoffDelayMs } from '../runtime/retry.ts'
import type { HttpClient } from '../transport/http-client.ts'

export interface SpanQueueLimits {
  /** Spans in one request. */
  maxBatchSpans: number
  /** Characters of attributes in one request, by estimate. */
  maxBatchChars: number
  /** Encoded spans waiting for the collector, in bytes; past it the oldest are dropped and counted. */
  maxQueueBytes: number
  /** Longest wait of an ended span before it is sent, in milliseconds. */
  delayMs: number
}

const DEFAULT_LIMITS: SpanQueueLimits = {
  maxBatchSpans: 512,
  maxBatchChars: 1_000_000,
  maxQueueBytes: 32 * 1024 * 1024,
  delayMs: 400,
}

interface Chunk {
  bytes: Uint8Array
  spans: number
  /** The collector has it, or it was given up. */
  settled: () => void
}

const BACKOFF = { backoffMs: 250, maxBackoffMs: 10_000 }

/**
 * Ended spans on their way to the collector. They are encoded as soon as a batch is full, also in a burst that
 * never yields, so that memory is bounded by bytes and not by a count of spans. Never throws into the agent.
 */
export class SpanQueue {
  readonly #http: HttpClient
  readonly #limits: SpanQueueLimits
  readonly #stopped = new AbortController()
  #batch: ReadableSpan[] = []
  #batchChars = 0
  /** Settles with the batch that is being filled. */
  #batchSent: PromiseWithResolvers<void> | null = null
  /** Whether that batch goes as soon as what is in flight has gone. */
  #sealNext = false
  #chunks: Chunk[] = []
  #queuedBytes = 0
  #timer: NodeJS.Timeout | null = null
  #sending = false
  /** Settles with the newest chunk: they are sent in order. */
  #newest: Promise<void> = Promise.resolve()
  #dropped = 0

  readonly #spool: SpanSpool | null

  /** @param journal where spans are kept while the collector is away; null: in memory, up to `maxQueueBytes` */
  constructor(http: HttpClient, limits: Partial<SpanQueueLimits> = {}, journal: { folder: string; maxBytes: number } | null = null) {
    this.#http = http
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
    const onDropped = (spans: number): void => this.#drop(spans, 'the journal is full, or the collector refused them')
    this.#spool = journal === null || journal.maxBytes === 0 ? null : new SpanSpool(http, { ...journal, onDropped })
    void this.#spool?.adopt()
  }

  /** Spans given up since the start: refused by the collector, or past `maxQueueBytes` while it was away. */
  get dropped(): number {
    return this.#dropped
  }

  add(span: ReadableSpan): void {
    this.#batch.push(span)
    this.#batchSent ??= Promise.withResolvers<void>()
    this.#batchChars += estimateChars(span)
    if (this.#batch.length >= this.#limits.maxBatchSpans || this.#batchChars >= this.#limits.maxBatchChars) this.#seal()
    else this.#timer ??= setTimeout(() => this.#seal(), this.#limits.delayMs)
  }

  /** Sends what has ended so far; done when the collector has it, or the journal, or after `timeoutMs`. Never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    // What is in flight goes first, and what many runs that end together wait for goes in one request then.
    if (this.#sending) this.#sealNext = true
    else this.#seal()
    const limit = new AbortController()
    await Promise.race([this.#batchSent?.promise ?? this.#newest, sleepMs(timeoutMs, limit.signal).catch(() => {})])
    limit.abort()
  }

  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs)
    this.#stopped.abort()
    await this.#spool?.close()
  }

  #seal(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#batch.length === 0) return
    const batch = this.#batch
    const sent = this.#batchSent ?? Promise.withResolvers<void>()
    this.#batch = []
    this.#batchChars = 0
    this.#batchSent = null
    this.#sealNext = false
    this.#encode(batch, sent)
    this.#startSending()
  }

  #startSending(): void {
    if (this.#sending || this.#chunks.length === 0) return
    this.#sending = true
    void this.#drain().finally(() => {
      this.#sending = false
      if (this.#sealNext) this.#seal()
      else this.#startSending()
    })
  }

  #encode(batch: ReadableSpan[], { promise, resolve }: PromiseWithResolvers<void>): void {
    try {
      const bytes = ProtobufTraceSerializer.serializeRequest(batch)
      if (bytes === undefined) resolve()
      else {
        this.#newest = promise
        this.#chunks.push({ bytes, spans: batch.length, settled: resolve })
        this.#queuedBytes += bytes.length
      }
    } catch (error) {
      this.#drop(batch.length, error)
      resolve()
    }
    while (this.#queuedBytes > this.#limits.maxQueueBytes && this.#chunks.length > 1) {
      const oldest = this.#takeChunk()
      if (oldest) this.#drop(oldest.spans, 'the collector is away and the queue is full')
      oldest?.settled()
    }
  }

  #takeChunk(): Chunk | undefined {
    const chunk = this.#chunks.shift()
    if (chunk) this.#queuedBytes -= chunk.bytes.length
    return chunk
  }

  #drop(spans: number, why: unknown): void {
    this.#dropped += spans
    diag.warn(`Cairn: ${spans} spans were dropped: ${why instanceof Error ? why.message : String(why)}`)
  }

  async #drain(): Promise<void> {
    // A turn of the loop first: a burst fills the queue, and sending must not start inside the agent's code.
    await new Promise(setImmediate)
    for (let chunk = this.#takeChunk(); chunk !== undefined; chunk = this.#takeChunk()) {
      await this.#send(chunk)
      chunk.settled()
      if (this.#sealNext) this.#seal()
    }
  }

  /** False where the journal can't take it: it stays in memory then. */
  async #keep(chunk: Chunk): Promise<boolean> {
    if (this.#spool === null) return false
    try {
      await this.#spool.add(chunk.bytes, chunk.spans)
      return true
    } catch (error) {
      diag.warn(`Cairn: spans can't be kept in the journal: ${error instanceof Error ? error.message : String(error)}`)
      return false
    }
  }

  async #send(chunk: Chunk): Promise<void> {
    if (this.#spool?.isHolding && (await this.#keep(chunk))) return
    for (let attempt = 1; !this.#stopped.signal.aborted; attempt++) {
      try {
        await this.#http.request({
          method: 'POST',
          path: '/v1/traces',
          body: chunk.bytes,
          contentType: 'application/x-protobuf',
          answer: 'none',
          retryForMs: this.#spool === null ? 10_000 : AWAY_AFTER_MS,
          signal: this.#stopped.signal,
        })
        return
      } catch (error) {
        if (this.#stopped.signal.aborted) return this.#drop(chunk.spans, 'the SDK was closed before they were sent')
        if (!isAway(error)) return this.#drop(chunk.spans, error)
        if (await this.#keep(chunk)) return
        if (this.#queuedBytes + chunk.bytes.length > this.#limits.maxQueueBytes) return this.#drop(chunk.spans, error)
        await sleepMs(backoffDelayMs(BACKOFF, attempt), this.#stopped.signal).catch(() => {})
      }
    }
  }
}

/** Shorter absences of the collector are waited for in memory. */
const AWAY_AFTER_MS = 1_000

function estimateChars(span: ReadableSpan): number {
  let chars = 200
  for (const key in span.attributes) {
    const value = span.attributes[key]
    chars += key.length + (typeof value === 'string' ? value.length : Array.isArray(value) ? value.length * 16 : 8)
  }
  return chars + span.events.length * 200
}
