import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { CollectorContext } from '../context.ts'
import { checkEntry } from './check-entry.ts'
import { InFlightBytes } from './in-flight.ts'
import { encodeEntry, type LogEntry } from './log/entry.ts'
import { lockLogFolder } from './log/log-folder.ts'
import { comparePositions, type LogPosition } from './log/position.ts'
import { SegmentLog } from './log/segment-log.ts'
import { encodeTracesJson } from './otlp/encode-json.ts'
import type { OtlpSpanGroup } from './otlp/types.ts'
import type { Received } from './receive.ts'
import { Writer } from './write/writer.ts'

/** Decompressed bytes of requests being worked on. */
const IN_FLIGHT_BYTES = 256 * 1024 * 1024
const SEGMENT_BYTES = 32 * 1024 * 1024
const STOP_LIMIT_MS = 4_000
const READ_WAIT_MS = 3_000
/** It takes ClickHouse longer than a reader should wait. */
const FAR_BEHIND_BYTES = 16 * 1024 * 1024

interface Waiter {
  readonly position: LogPosition
  resolve(): void
}

/** From requests to stored rows: what is accepted is durable in the log, and written to ClickHouse from there. One for each collector. */
export class Pipeline {
  readonly inFlight = new InFlightBytes(IN_FLIGHT_BYTES)
  private readonly log: SegmentLog
  private readonly writer: Writer
  private readonly unlock: () => void
  private readonly warn: (details: object, message: string) => void
  private readonly waiters = new Set<Waiter>()
  private isStarted = false

  private constructor(parts: { log: SegmentLog; writer: Writer; unlock: () => void; warn: (details: object, message: string) => void }) {
    this.warn = parts.warn
    this.log = parts.log
    this.writer = parts.writer
    this.unlock = parts.unlock
  }

  /** Takes up the log that an earlier process left. */
  static async open(ctx: CollectorContext): Promise<Pipeline> {
    const folder = join(ctx.config.dataDir, 'ingest')
    const unlock = lockLogFolder(folder)
    const warn = (details: object, message: string) => ctx.log.warn(details, message)
    let pipeline: Pipeline | undefined
    const writer = await Writer.open({ ctx, folder, onWritten: (position) => pipeline?.onWritten(position) })
    const log = await SegmentLog.open({
      folder,
      segmentBytes: Math.min(SEGMENT_BYTES, ctx.config.ingestLogBytes / 8),
      maxBytes: ctx.config.ingestLogBytes,
      after: writer.written,
      warn,
    })
    pipeline = new Pipeline({ log, writer, unlock, warn })
    await log.trim(writer.written)
    return pipeline
  }

  /** Begins to write what is in the log: ClickHouse has the tables. Until then it is taken, and kept. */
  start(): void {
    this.isStarted = true
    this.writer.advance(this.log.end)
  }

  /** Bytes on disk, and whether ClickHouse takes them. */
  get state(): { readonly logBytes: number; readonly isFailing: boolean } {
    return { logBytes: this.log.bytes, isFailing: !this.isStarted || this.writer.isFailing }
  }

  /**
   * Resolves when the request is durable. Spans that can't be kept are counted, with why; the others are kept.
   * @throws {IngestError} `malformed`, or `unavailable` where the log can't take it now
   */
  async accept(entry: LogEntry): Promise<Received> {
    const received = checkEntry(entry)
    await this.log.append(encodeEntry(entry))
    if (this.isStarted) this.writer.advance(this.log.end)
    return received
  }

  /** Accepts spans that the collector itself makes. */
  writeSpans(projectId: string, groups: readonly OtlpSpanGroup[]): Promise<Received> {
    return this.accept({ signal: 'traces', encoding: 'json', projectId, body: encodeTracesJson(groups) })
  }

  /**
   * Resolves when ClickHouse has what was accepted before: who reads then sees it. At once where ClickHouse takes nothing now or is
   * far behind, and after `limitMs` at most: what is there is then better than no answer.
   */
  async settled(limitMs = READ_WAIT_MS): Promise<void> {
    if (this.log.bytesAfter(this.writer.written) < FAR_BEHIND_BYTES) await this.untilWritten(limitMs)
  }

  private async untilWritten(limitMs: number): Promise<void> {
    const position = this.log.end
    if (!this.isStarted || comparePositions(this.writer.written, position) >= 0 || this.writer.isFailing) return
    const limit = new AbortController()
    const waiter: Waiter = { position, resolve: () => limit.abort() }
    this.waiters.add(waiter)
    this.writer.advance(position, true)
    await delay(limitMs, undefined, { signal: limit.signal }).catch(() => {})
    this.waiters.delete(waiter)
  }

  /** Writes what it can in a few seconds; the rest is written after the next start. */
  async close(): Promise<void> {
    await this.log.close()
    await this.untilWritten(STOP_LIMIT_MS)
    await this.writer.close()
    this.unlock()
  }

  private onWritten(position: LogPosition): void {
    for (const waiter of this.waiters) if (comparePositions(position, waiter.position) >= 0) waiter.resolve()
    this.log.trim(position).catch((error: unknown) => this.warn({ err: error }, 'a segment of the ingest log can not be deleted'))
  }
}

const pipelines = new WeakMap<CollectorContext, Promise<Pipeline>>()

/**
 * The pipeline of a collector, opened when first wanted. It takes spans when it is open, and begins to write them once `tables`
 * resolves: ClickHouse has them as it needs them.
 */
export function getPipeline(ctx: CollectorContext, tables: Promise<unknown> = Promise.resolve()): Promise<Pipeline> {
  const known = pipelines.get(ctx)
  if (known !== undefined) return known
  const opening = Pipeline.open(ctx)
  pipelines.set(ctx, opening)
  Promise.all([opening, tables]).then(
    ([pipeline]) => pipeline.start(),
    // Whoever awaits either of them hears of it.
    () => {},
  )
  return opening
}
