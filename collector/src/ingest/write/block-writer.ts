import type { ClickHouseClient } from '@cairn/clickhouse'
import type { Ledger } from '../log/ledger.ts'
import type { LogBlock, LogReader } from '../log/log-reader.ts'
import { comparePositions, type LogPosition } from '../log/position.ts'
import { insertBlock } from './insert-block.ts'
import type { BlockMaker, MadeBlock } from './make-block.ts'
import { encodeWritten } from './memory-codec.ts'
import { isRowsFault } from './rows-fault.ts'
import { type SpanMemory, spanKey } from './span-memory.ts'

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
 * inserted, and names it to ClickHouse, which drops a block that it has. What fails is tried until it succeeds. While a block is
 * inserted the next one is made.
 */
export class BlockWriter {
  private readonly options: BlockWriterOptions
  private readonly closing = new AbortController()
  private readonly failing = new Set<string>()
  /** Called when more may be written, when someone waits, and at the end. */
  private readonly wakers = new Set<() => void>()
  private target: LogPosition
  /** All before it is made, and inserted or about to be. */
  private position: LogPosition
  /** The insert that is under way; whether its block had to be taken apart. */
  private inserting: Promise<boolean> | undefined
  private making: Promise<unknown> = Promise.resolve()
  private lastInsertAtMs = 0
  private isUrgent = false
  private loop: Promise<void> | undefined

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
    for (const wake of this.wakers) wake()
  }

  /** Stops after the insert that is under way; what is left is written after the next start. */
  async close(): Promise<void> {
    this.closing.abort()
    for (const wake of this.wakers) wake()
    await this.loop
  }

  private get isClosing(): boolean {
    return this.closing.signal.aborted
  }

  private async run(inDoubt: LogBlock | undefined): Promise<void> {
    if (inDoubt !== undefined) await this.write(inDoubt)
    while (!this.isClosing) {
      const { reader } = this.options
      const block = await this.retry('the ingest log can not be read', () => reader.next(this.position, this.target))
      if (block === undefined) await this.untilAdvanced()
      else if (block.to - block.from >= LARGE_BYTES || (await this.isTime())) await this.write(block)
    }
    await this.inserting
  }

  /** A small block may grow while another is inserted, and for a little while after that. */
  private async isTime(): Promise<boolean> {
    if (this.inserting !== undefined) {
      await this.inserting
      return false
    }
    const leftMs = this.lastInsertAtMs + PACE_MS - performance.now()
    if (this.isUrgent || leftMs <= 0) return true
    await this.sleep(leftMs, () => this.isUrgent)
    return false
  }

  /** Makes a block, and inserts it when the one before is in. */
  private async write(block: LogBlock): Promise<void> {
    this.isUrgent = false
    let made = await this.make(block)
    // What it took for stored with the block before, and what was made of that meanwhile, no longer holds.
    if (await this.inserting) {
      this.options.maker.forget()
      made = made && (await this.make(block, keysOf(made)))
    }
    if (made === undefined || this.isClosing) return
    this.position = endOf(block)
    this.lastInsertAtMs = performance.now()
    this.inserting = this.insertOrSplit(block, made).finally(() => {
      this.inserting = undefined
    })
  }

  /** What it made counts as written at once: it is inserted before anything else is. */
  private async make(block: LogBlock, own?: ReadonlySet<string>): Promise<MadeBlock | undefined> {
    const { maker, memory } = this.options
    // The maker holds what it has made of a block so far: one block at a time.
    const making = this.making.then(() => this.retry('the prices of a project can not be read', () => maker.make(block, own)))
    this.making = making.catch(() => {})
    const made = await making
    if (made !== undefined) memory.remember(made.written)
    return made
  }

  /** Gives whether it was not inserted as it was made. */
  private async insertOrSplit(block: LogBlock, made: MadeBlock): Promise<boolean> {
    try {
      if (await this.insert(block, made)) this.options.onWritten(endOf(block))
      return false
    } catch (error) {
      this.options.maker.forget()
      if (block.entries.length > 1) {
        await this.insertEntries(block, made)
        return true
      }
      await this.options.setAside(block, error)
      await this.retry('the ledger can not be written', () => this.options.ledger.done(block))
      this.options.onWritten(endOf(block))
      return true
    }
  }

  /** Only an entry alone is known to be the one at fault. */
  private async insertEntries(block: LogBlock, failed: MadeBlock): Promise<void> {
    const own = keysOf(failed)
    for (const entry of block.entries) {
      const alone: LogBlock = { segment: block.segment, from: entry.from, to: entry.to, entries: [entry] }
      const made = await this.make(alone, own)
      if (made === undefined || this.isClosing) return
      // From now on they are there: the same span in a later entry is a second one.
      for (const key of keysOf(made)) own.delete(key)
      await this.insertOrSplit(alone, made)
    }
  }

  /** False if it was stopped before the block was in. */
  private async insert(block: LogBlock, made: MadeBlock): Promise<boolean> {
    const { ledger, clickhouse, logId } = this.options
    const token = `${logId}/${block.segment}/${block.from}-${block.to}`
    const began = await this.retry('the ledger can not be written', async () => {
      await ledger.began(block, encodeWritten(made.written))
      return true
    })
    if (began === undefined) return false
    const inserted = await this.retry('ClickHouse takes no spans now; they wait in the log', async () => {
      await insertBlock(clickhouse, made, token)
      return true
    })
    if (inserted === undefined) return false
    await this.retry('the ledger can not be written', () => ledger.done(block))
    return true
  }

  /** Until it succeeds. Undefined: it was stopped. @throws what the rows themselves are the cause of */
  private async retry<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
      try {
        const result = await work()
        this.setFailing(what, undefined)
        return result
      } catch (error) {
        if (isRowsFault(error)) {
          // It has answered: it is not away.
          this.setFailing(what, undefined)
          throw error
        }
        this.setFailing(what, error)
        if (!this.isClosing) await this.sleep(waitMs, () => false)
        if (this.isClosing) return undefined
      }
    }
  }

  /** Says so once when something begins to fail, and when it goes again. */
  private setFailing(what: string, error: unknown): void {
    if (error !== undefined) {
      if (this.failing.has(what)) return
      this.failing.add(what)
      this.options.warn({ err: error }, what)
    } else if (this.failing.delete(what)) this.options.warn({}, `no more: ${what}`)
    else return
    this.options.onFailing(this.failing.size > 0)
  }

  private async untilAdvanced(): Promise<void> {
    // Behind it may be the rest of a damaged segment: nothing comes of asking again at once.
    if (comparePositions(this.position, this.target) < 0) await this.sleep(PACE_MS, () => this.isUrgent)
    else await this.sleep(undefined, () => true)
  }

  /** Ends early, or at all where no time is given, when it is told that more came and `isEnough`; and when it is stopped. */
  private async sleep(ms: number | undefined, isEnough: () => boolean): Promise<void> {
    if (this.isClosing) return
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => wake(true), ms)
      const wake = (isOver = false): void => {
        if (!isOver && !this.isClosing && !isEnough()) return
        clearTimeout(timer)
        this.wakers.delete(onWake)
        resolve()
      }
      const onWake = () => wake()
      this.wakers.add(onWake)
    })
  }
}

const keysOf = ({ written }: MadeBlock): Set<string> => new Set(written.map((span) => spanKey(span.projectId, span)))
const endOf = (block: LogBlock): LogPosition => ({ segment: block.segment, offset: block.to })
