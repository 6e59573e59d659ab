import { setTimeout as delay } from 'node:timers/promises'
import type { ClickHouseClient } from '@cairn/clickhouse'
import type { Ledger } from '../log/ledger.ts'
import type { LogBlock, LogReader } from '../log/log-reader.ts'
import { comparePositions, type LogPosition } from '../log/position.ts'
import { insertBlock } from './insert-block.ts'
import type { BlockMaker, MadeBlock } from './make-block.ts'
import { encodeWritten } from './memory-codec.ts'
import { isRowsFault } from './rows-fault.ts'
import type { SpanMemory } from './span-memory.ts'

export interface BlockWriterOptions {
  readonly clickhouse: ClickHouseClient
  /** Names the log in what ClickHouse remembers of blocks. */
  readonly logId: string
  readonly reader: LogReader
  readonly ledger: Ledger
  readonly memory: SpanMemory
  readonly maker: BlockMaker
  /** All before it is written. */
  readonly start: LogPosition
  readonly onWritten: (position: LogPosition) => void
  readonly onFailing: (isFailing: boolean) => void
  /** Keeps an entry that ClickHouse can't hold, for a person to look at. */
  readonly setAside: (block: LogBlock, error: unknown) => Promise<void>
  readonly warn: (details: object, message: string) => void
}

/** So many bytes are a block worth inserting at once. */
const LARGE_BYTES = 2 * 1024 * 1024
/** Smaller ones follow each other no faster than this: each insert makes parts, which ClickHouse has to merge. */
const PACE_MS = 200
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

/**
 * Writes what is durable in the log into ClickHouse, in order, each block exactly once: its range is in the ledger before it is
 * inserted, and names it to ClickHouse, which drops a block that it has. What fails is tried until it succeeds.
 */
export class BlockWriter {
  private readonly options: BlockWriterOptions
  private readonly closing = new AbortController()
  private target: LogPosition
  private position: LogPosition
  private lastInsertAtMs = 0
  private isUrgent = false
  private wake: (() => void) | undefined
  private loop: Promise<void> | undefined
  /** Since when it can't write; undefined: it can. */
  private failingSinceMs: number | undefined

  constructor(options: BlockWriterOptions) {
    this.options = options
    this.position = options.start
    this.target = options.start
  }

  /** Begins, with the block that a crash left in doubt, if there is one. */
  start(inDoubt: LogBlock | undefined): void {
    this.loop = this.run(inDoubt)
  }

  /** All before `end` may be written now. `urgent`: someone waits for it. */
  advance(end: LogPosition, urgent = false): void {
    if (comparePositions(end, this.target) > 0) this.target = end
    if (urgent) this.isUrgent = true
    this.wake?.()
  }

  /** Stops after the insert that is under way; what is left is written after the next start. */
  async close(): Promise<void> {
    this.closing.abort()
    this.wake?.()
    await this.loop
  }

  private async run(inDoubt: LogBlock | undefined): Promise<void> {
    if (inDoubt !== undefined) await this.write(inDoubt)
    while (!this.closing.signal.aborted) {
      const block = await this.retry('the ingest log can not be read', () => this.options.reader.next(this.position, this.target))
      if (block === undefined) await this.untilAdvanced()
      else if (await this.isTooEarly(block)) continue
      else await this.write(block)
    }
  }

  /** Waits a little for more to come, where the block is small and one was just inserted. */
  private async isTooEarly(block: LogBlock): Promise<boolean> {
    const leftMs = this.lastInsertAtMs + PACE_MS - performance.now()
    if (this.isUrgent || leftMs <= 0 || block.to - block.from >= LARGE_BYTES) return false
    await this.sleep(leftMs)
    return true
  }

  private async write(block: LogBlock): Promise<void> {
    this.isUrgent = false
    this.lastInsertAtMs = performance.now()
    const made = await this.retry('spans wait in the log', () => this.options.maker.make(block))
    if (made === undefined) return
    try {
      if (!(await this.insert(block, made))) return
    } catch (error) {
      this.options.maker.forget()
      // Only an entry alone is known to be the one at fault.
      if (block.entries.length > 1) {
        for (const entry of block.entries) await this.write({ segment: block.segment, from: entry.from, to: entry.to, entries: [entry] })
        return
      }
      await this.options.setAside(block, error)
      await this.retry('the ledger can not be written', () => this.options.ledger.done(block))
    }
    this.position = { segment: block.segment, offset: block.to }
    this.options.onWritten(this.position)
  }

  /** False if it was stopped before the block was in. */
  private async insert(block: LogBlock, made: MadeBlock): Promise<boolean> {
    const { ledger, clickhouse, logId, memory } = this.options
    const { written } = made
    const token = `${logId}/${block.segment}/${block.from}-${block.to}`
    const began = await this.retry('the ledger can not be written', async () => {
      await ledger.began(block, encodeWritten(written))
      return true
    })
    if (began === undefined) return false
    const inserted = await this.retry('ClickHouse takes no spans now; they wait in the log', async () => {
      await insertBlock(clickhouse, made, token)
      return true
    })
    if (inserted === undefined) return false
    memory.remember(written)
    await this.retry('the ledger can not be written', () => ledger.done(block))
    return true
  }

  /** Until it succeeds. Undefined: it was stopped. @throws what the rows themselves are the cause of */
  private async retry<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
      try {
        const result = await work()
        if (this.failingSinceMs !== undefined) {
          this.options.warn({ afterMs: Date.now() - this.failingSinceMs }, 'spans are written again')
          this.options.onFailing(false)
        }
        this.failingSinceMs = undefined
        return result
      } catch (error) {
        if (isRowsFault(error)) throw error
        if (this.failingSinceMs === undefined) {
          this.options.warn({ err: error }, what)
          this.options.onFailing(true)
        }
        this.failingSinceMs ??= Date.now()
        if (this.closing.signal.aborted) return undefined
        await this.sleep(waitMs)
        if (this.closing.signal.aborted) return undefined
      }
    }
  }

  private async untilAdvanced(): Promise<void> {
    if (this.closing.signal.aborted || comparePositions(this.position, this.target) < 0) {
      // The rest of a damaged segment: nothing comes of asking again at once.
      await this.sleep(PACE_MS)
      return
    }
    await new Promise<void>((resolve) => {
      this.wake = resolve
    })
    this.wake = undefined
  }

  /** Ends early when someone waits, or when it is stopped. */
  private async sleep(ms: number): Promise<void> {
    const early = new AbortController()
    this.wake = () => {
      if (this.isUrgent || this.closing.signal.aborted) early.abort()
    }
    await delay(ms, undefined, { signal: early.signal }).catch(() => {})
    this.wake = undefined
  }
}
