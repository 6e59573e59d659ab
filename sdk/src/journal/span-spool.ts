import { utimes } from 'node:fs/promises'
import { diag } from '@opentelemetry/api'
import { isAway } from '../errors.ts'
import { sleepMs } from '../runtime/abort.ts'
import { backoffDelayMs } from '../runtime/retry.ts'
import type { HttpClient } from '../transport/http-client.ts'
import { JournalFile } from './journal-file.ts'
import { adoptJournals, newJournalPath, TOUCH_MS } from './journal-folder.ts'

const PROBE = { backoffMs: 250, maxBackoffMs: 5_000 }
/** What is dropped at once when the spool is full. */
const SEGMENT_BYTES = 4 * 1024 * 1024

interface Segment {
  readonly file: JournalFile
  spans: number
  /** Bytes of it that the collector has. */
  sent: number
}

interface Line {
  readonly spans: number
  /** An OTLP ExportTraceServiceRequest, base64. */
  readonly otlp: string
}

/** Keeps encoded spans on disk while the collector is away: so many bytes of them, the oldest go first. */
export class SpanSpool {
  readonly #http: HttpClient
  readonly #folder: string
  readonly #maxBytes: number
  readonly #onDropped: (spans: number) => void
  readonly #closed = new AbortController()
  #segments: Segment[] = []
  #adding = 0
  #draining: Promise<void> | null = null
  #touch: NodeJS.Timeout | null = null

  constructor(http: HttpClient, options: { folder: string; maxBytes: number; onDropped: (spans: number) => void }) {
    this.#http = http
    this.#folder = options.folder
    this.#maxBytes = options.maxBytes
    this.#onDropped = options.onDropped
  }

  /** Whether spans wait in it for the collector. */
  get isHolding(): boolean {
    return this.#segments.length > 0 || this.#adding > 0
  }

  /** Begins to send what processes that are gone have left. */
  async adopt(): Promise<void> {
    for (const path of await adoptJournals(this.#folder, 'spans')) {
      const file = new JournalFile(path)
      try {
        await file.openExisting()
        this.#segments.push({ file, spans: 0, sent: 0 })
      } catch (error) {
        diag.warn(`Cairn: the spans in ${path} can't be read: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    if (this.isHolding) this.#startDraining()
  }

  /** Done when the spans are in the file system's hands. @throws what it says */
  async add(otlp: Uint8Array, spans: number): Promise<void> {
    this.#adding++
    try {
      let segment = this.#segments.at(-1)
      if (segment === undefined || segment.sent > 0 || segment.file.bytes > SEGMENT_BYTES) {
        segment = { file: new JournalFile(newJournalPath(this.#folder, 'spans')), spans: 0, sent: 0 }
        this.#segments.push(segment)
      }
      const line: Line = { spans, otlp: Buffer.from(otlp.buffer, otlp.byteOffset, otlp.byteLength).toString('base64') }
      segment.spans += spans
      await segment.file.append([JSON.stringify(line)], false)
      await this.#makeRoom()
    } finally {
      this.#adding--
    }
    this.#startDraining()
  }

  /** Leaves what is left to the next process that starts. */
  async close(): Promise<void> {
    this.#closed.abort()
    await this.#draining
    if (this.#touch !== null) clearInterval(this.#touch)
    for (const { file } of this.#segments) await file.close()
  }

  async #makeRoom(): Promise<void> {
    let bytes = this.#segments.reduce((sum, segment) => sum + segment.file.bytes, 0)
    while (bytes > this.#maxBytes) {
      const oldest = this.#segments.shift()
      if (oldest === undefined) return
      bytes -= oldest.file.bytes
      this.#onDropped(oldest.spans)
      await oldest.file.remove()
    }
  }

  #startDraining(): void {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null
      if (this.#segments.length > 0 && !this.#closed.signal.aborted) this.#startDraining()
    })
    this.#touch ??= setInterval(() => {
      const now = new Date()
      for (const { file } of this.#segments) utimes(file.path, now, now).catch(() => {})
    }, TOUCH_MS).unref()
  }

  async #drain(): Promise<void> {
    for (let failures = 0; !this.#closed.signal.aborted; ) {
      const segment = this.#segments[0]
      if (segment === undefined) return
      try {
        if (await this.#sendSome(segment)) failures = 0
        else if (this.#adding === 0) {
          if (this.#segments[0] === segment) this.#segments.shift()
          await segment.file.remove()
        } else await new Promise(setImmediate)
      } catch {
        failures++
        await sleepMs(backoffDelayMs(PROBE, Math.min(failures, 8)), this.#closed.signal, { ref: false }).catch(() => {})
      }
    }
  }

  /** False when the segment has nothing more. @throws while the collector is away */
  async #sendSome(segment: Segment): Promise<boolean> {
    const { lines } = await segment.file.read(segment.sent)
    for (const text of lines) {
      const line = parseLine(text)
      if (line !== undefined) await this.#send(line)
      segment.sent += Buffer.byteLength(text) + 1
    }
    return lines.length > 0
  }

  async #send({ spans, otlp }: Line): Promise<void> {
    try {
      const body = Buffer.from(otlp, 'base64')
      await this.#http.request({
        method: 'POST',
        path: '/v1/traces',
        body,
        contentType: 'application/x-protobuf',
        answer: 'none',
        retryForMs: 0,
        signal: this.#closed.signal,
      })
    } catch (error) {
      if (isAway(error) || this.#closed.signal.aborted) throw error
      this.#onDropped(spans)
    }
  }
}

function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}
