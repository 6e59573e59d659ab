import { type FileHandle, open, readdir, readFile, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { frameHeader, readFrames } from './frame.ts'
import type { LogPosition } from './position.ts'
import { findWholeEnd, syncFolder } from './segment-files.ts'

/** Which part of the log a block was made of. ClickHouse knows the block by it, so it must be the same after a crash. */
export interface BlockRange {
  readonly segment: number
  readonly from: number
  readonly to: number
}

interface LedgerEntry {
  /** `began` is durable before a block is inserted; `done` follows when it is. */
  readonly kind: 'began' | 'done'
  readonly range: BlockRange
  /** What the block's spans are remembered by. */
  readonly memory: Buffer
}

export interface LedgerOptions {
  /** Is given the memory of each block that is done, oldest first. */
  readonly onDone: (memory: Buffer) => void
  readonly warn: (details: object, message: string) => void
}

const NAME = /^blocks-(\d{6})\.ledger$/
/** Two files hold more spans than the windows that are filled from them. */
const FILE_BYTES = 48 * 1024 * 1024
const HEAD_BYTES = 25

/**
 * What was made of the log: each block's range, before it is inserted, and that it was. After a crash it tells which block is in
 * doubt, and what the blocks before it held, so that a request sent again still counts once.
 */
export class Ledger {
  /** The block that was begun last, where nobody knows if it was inserted. */
  readonly inDoubt: BlockRange | undefined
  /** The end of the last block that was done; undefined: there was none. */
  readonly doneUpTo: LogPosition | undefined
  private readonly folder: string
  private file: { number: number; handle: FileHandle; bytes: number } | undefined
  private older: number[]
  private nextNumber: number

  private constructor(
    folder: string,
    numbers: readonly number[],
    found: { inDoubt: BlockRange | undefined; doneUpTo: LogPosition | undefined },
  ) {
    this.folder = folder
    this.older = [...numbers]
    this.nextNumber = Math.max(0, ...numbers) + 1
    this.inDoubt = found.inDoubt
    this.doneUpTo = found.doneUpTo
  }

  static async open(folder: string, { onDone, warn }: LedgerOptions): Promise<Ledger> {
    const numbers = (await readdir(folder))
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
    let begun: LedgerEntry | undefined
    let doneUpTo: LogPosition | undefined
    for (const number of numbers)
      for (const entry of await readEntries(ledgerPath(folder, number), warn)) {
        // A block that was begun and not done is begun again, or its entries are, each alone: its memory counts once it is done.
        if (entry.kind === 'began') begun = entry
        else {
          if (begun !== undefined && isSame(begun.range, entry.range)) onDone(begun.memory)
          begun = undefined
          doneUpTo = { segment: entry.range.segment, offset: entry.range.to }
        }
      }
    return new Ledger(folder, numbers, { inDoubt: begun?.range, doneUpTo })
  }

  /** Durable when it resolves. */
  async began(range: BlockRange, memory: Buffer): Promise<void> {
    const file = await this.getFile()
    await this.write({ kind: 'began', range, memory })
    await file.handle.datasync()
  }

  /** Survives the death of the process; after a power cut the block is in doubt, which costs only that it is sent again. */
  async done(range: BlockRange): Promise<void> {
    await this.getFile()
    await this.write({ kind: 'done', range, memory: Buffer.alloc(0) })
  }

  async close(): Promise<void> {
    await this.file?.handle.close()
    this.file = undefined
  }

  private async write(entry: LedgerEntry): Promise<void> {
    const file = await this.getFile()
    const payload = encodeLedgerEntry(entry)
    const buffers = [frameHeader(payload), ...payload]
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
    try {
      const whole = Buffer.concat(buffers)
      let written = 0
      while (written < bytes) written += (await file.handle.write(whole, written, bytes - written, file.bytes + written)).bytesWritten
      file.bytes += bytes
    } catch (error) {
      // What was written of it must not stand before the next try.
      await file.handle.truncate(file.bytes).catch(() => {})
      throw error
    }
  }

  private async getFile(): Promise<NonNullable<typeof this.file>> {
    if (this.file !== undefined && this.file.bytes < FILE_BYTES) return this.file
    const number = this.nextNumber
    const handle = await open(ledgerPath(this.folder, number), 'wx', 0o600)
    this.nextNumber += 1
    await syncFolder(this.folder)
    if (this.file !== undefined) {
      await this.file.handle.close()
      this.older.push(this.file.number)
    }
    this.file = { number, handle, bytes: 0 }
    await this.forgetOld()
    return this.file
  }

  /** Small files of processes that lived shortly are kept with them, up to the same number of bytes. */
  private async forgetOld(): Promise<void> {
    let kept = 0
    const keep: number[] = []
    for (const number of this.older.toReversed()) {
      const path = ledgerPath(this.folder, number)
      if (kept < FILE_BYTES) {
        const handle = await open(path, 'r')
        kept += (await handle.stat()).size
        await handle.close()
        keep.unshift(number)
      } else await unlink(path)
    }
    this.older = keep
  }
}

async function readEntries(path: string, warn: LedgerOptions['warn']): Promise<LedgerEntry[]> {
  const { wholeBytes, fileBytes } = await findWholeEnd(path)
  if (wholeBytes < fileBytes) {
    warn({ file: path, cutBytes: fileBytes - wholeBytes }, 'the tail of the ingest ledger was damaged and is cut')
    await truncate(path, wholeBytes)
  }
  return readFrames(await readFile(path)).frames.flatMap(({ payload }) => decodeLedgerEntry(payload) ?? [])
}

const isSame = (a: BlockRange, b: BlockRange): boolean => a.segment === b.segment && a.from === b.from && a.to === b.to

const ledgerPath = (folder: string, number: number): string => join(folder, `blocks-${String(number).padStart(6, '0')}.ledger`)

function encodeLedgerEntry({ kind, range, memory }: LedgerEntry): Buffer[] {
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  head[0] = kind === 'began' ? 1 : 2
  head.writeDoubleLE(range.segment, 1)
  head.writeDoubleLE(range.from, 9)
  head.writeDoubleLE(range.to, 17)
  return [head, memory]
}

function decodeLedgerEntry(payload: Buffer): LedgerEntry | undefined {
  const kind = payload[0] === 1 ? 'began' : payload[0] === 2 ? 'done' : undefined
  if (kind === undefined || payload.length < HEAD_BYTES) return undefined
  const range = { segment: payload.readDoubleLE(1), from: payload.readDoubleLE(9), to: payload.readDoubleLE(17) }
  return { kind, range, memory: payload.subarray(HEAD_BYTES) }
}
