import { type FileHandle, mkdir, open, stat, statfs, truncate } from 'node:fs/promises'
import { IngestError } from '../errors.ts'
import { FRAME_HEADER_BYTES, frameHeader } from './frame.ts'
import { comparePositions, type LogPosition } from './position.ts'
import { deleteSegment, findWholeEnd, listSegments, segmentPath, syncFolder } from './segment-files.ts'

export interface SegmentLogOptions {
  readonly folder: string
  /** A segment takes no more once it has so many bytes: what is deleted is a whole segment. */
  readonly segmentBytes: number
  /** All segments together; past it nothing is taken until some were trimmed. */
  readonly maxBytes: number
  /** What was written before: a segment's number is never used twice, whatever became of its file. */
  readonly after: LogPosition
  readonly warn: (details: object, message: string) => void
}

interface Waiting {
  readonly buffers: Uint8Array[]
  readonly bytes: number
  resolve(): void
  reject(error: unknown): void
}

interface OpenSegment {
  readonly number: number
  readonly handle: FileHandle
  /** Of whole, durable frames. */
  bytes: number
}

/** One system call takes so many bytes, and no more buffers than the system allows. */
const MAX_GROUP_BYTES = 32 * 1024 * 1024
const MAX_GROUP_FRAMES = 300
/** Left free on the disk, for ClickHouse's merges and the ledger, without which the log could never shrink. */
const RESERVE_BYTES = 64 * 1024 * 1024
const RESERVE_SHARE = 0.1
const LOOK_AT_DISK_MS = 500

/**
 * An append-only log in files of bounded size. An entry is durable when `append` resolves: all that wait share one fdatasync.
 * Whatever fails (a full disk, a broken one) fails the entries that wait; what was durable stays, and the next append tries again.
 */
export class SegmentLog {
  private readonly options: SegmentLogOptions
  private readonly sizes = new Map<number, number>()
  private current: OpenSegment | undefined
  private nextSegment: number
  private waiting: Waiting[] = []
  private waitingBytes = 0
  private running: Promise<void> | undefined
  private diskLookedAtMs = 0
  private isClosed = false
  private durableEnd: LogPosition

  private constructor(options: SegmentLogOptions, sizes: ReadonlyMap<number, number>) {
    this.options = options
    for (const [number, bytes] of sizes) this.sizes.set(number, bytes)
    const newest = Math.max(0, ...sizes.keys())
    this.nextSegment = Math.max(newest, options.after.segment) + 1
    const found = { segment: newest, offset: sizes.get(newest) ?? 0 }
    this.durableEnd = comparePositions(found, options.after) > 0 ? found : options.after
  }

  /** Takes up what an earlier process left. A tail that was torn when it died is cut: none of it was acknowledged. */
  static async open(options: SegmentLogOptions): Promise<SegmentLog> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    const sizes = new Map<number, number>()
    const segments = await listSegments(options.folder)
    for (const number of segments) sizes.set(number, (await stat(segmentPath(options.folder, number))).size)
    const last = segments.at(-1)
    if (last !== undefined) {
      const path = segmentPath(options.folder, last)
      const { wholeBytes, fileBytes } = await findWholeEnd(path)
      if (wholeBytes < fileBytes) {
        options.warn({ segment: last, wholeBytes, cutBytes: fileBytes - wholeBytes }, 'the tail of the ingest log was damaged and is cut')
        await truncate(path, wholeBytes)
        sizes.set(last, wholeBytes)
      }
    }
    return new SegmentLog(options, sizes)
  }

  /** Up to where entries are durable. */
  get end(): LogPosition {
    return this.durableEnd
  }

  /** Of all segments on disk. */
  get bytes(): number {
    let sum = 0
    for (const bytes of this.sizes.values()) sum += bytes
    return sum
  }

  /** How much lies behind a place. */
  bytesAfter(place: LogPosition): number {
    let sum = 0
    for (const [number, bytes] of this.sizes)
      if (number >= place.segment) sum += number === place.segment ? Math.max(0, bytes - place.offset) : bytes
    return sum
  }

  /**
   * Resolves when the entry is durable.
   * @throws {IngestError} `unavailable` if the log or the disk is full, or the disk fails
   */
  append(payload: readonly Uint8Array[]): Promise<void> {
    const bytes = payload.reduce((sum, part) => sum + part.length, FRAME_HEADER_BYTES)
    if (this.isClosed) return Promise.reject(new IngestError('unavailable', 'The collector is stopping. Send it again.'))
    if (this.bytes + this.waitingBytes + bytes > this.options.maxBytes)
      return Promise.reject(
        new IngestError(
          'unavailable',
          `The collector's log holds ${Math.round(this.options.maxBytes / 1024 / 1024)} MiB that ClickHouse has not taken yet. Send it again.`,
        ),
      )
    return new Promise((resolve, reject) => {
      this.waiting.push({ buffers: [frameHeader(payload), ...payload], bytes, resolve, reject })
      this.waitingBytes += bytes
      this.running ??= this.run()
    })
  }

  /** Deletes the segments that lie wholly before a place. */
  async trim(before: LogPosition): Promise<void> {
    if (this.running === undefined && comparePositions(before, this.durableEnd) >= 0 && this.isFull()) {
      const { current } = this
      this.current = undefined
      await current?.handle.close()
    }
    for (const [number, bytes] of [...this.sizes]) {
      if (number === this.current?.number || comparePositions({ segment: number, offset: bytes }, before) > 0) continue
      this.sizes.delete(number)
      await deleteSegment(this.options.folder, number)
    }
  }

  /** Finishes what waits. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.running
    await this.current?.handle.close()
    this.current = undefined
  }

  private async run(): Promise<void> {
    // What arrives in this turn of the event loop shares the first commit.
    await new Promise(setImmediate)
    while (this.waiting.length > 0) {
      const group = this.takeGroup()
      try {
        await this.commit(group)
        for (const one of group) one.resolve()
      } catch (cause) {
        const error = cause instanceof IngestError ? cause : new IngestError('unavailable', whyNot(cause), { cause })
        for (const one of group) one.reject(error)
      }
      this.waitingBytes -= group.reduce((sum, one) => sum + one.bytes, 0)
    }
    this.running = undefined
  }

  private takeGroup(): Waiting[] {
    let count = 0
    let bytes = 0
    for (const one of this.waiting) {
      if (count > 0 && (bytes + one.bytes > MAX_GROUP_BYTES || count >= MAX_GROUP_FRAMES)) break
      bytes += one.bytes
      count += 1
    }
    return this.waiting.splice(0, count)
  }

  private async commit(group: readonly Waiting[]): Promise<void> {
    await this.lookAtDisk()
    const segment = await this.getSegment()
    try {
      let at = segment.bytes
      await writeAll(
        segment.handle,
        group.flatMap((one) => one.buffers),
        at,
      )
      at += group.reduce((sum, one) => sum + one.bytes, 0)
      await segment.handle.datasync()
      segment.bytes = at
      this.sizes.set(segment.number, at)
      this.durableEnd = { segment: segment.number, offset: at }
    } catch (error) {
      await this.abandon(segment)
      throw error
    }
  }

  private async getSegment(): Promise<OpenSegment> {
    if (this.current !== undefined && !this.isFull()) return this.current
    const number = this.nextSegment
    const handle = await open(segmentPath(this.options.folder, number), 'wx', 0o600)
    this.nextSegment += 1
    await this.current?.handle.close()
    this.current = undefined
    this.sizes.set(number, 0)
    const opened = { number, handle, bytes: 0 }
    // A file whose name isn't durable keeps nothing: the next append opens another.
    await syncFolder(this.options.folder).catch(async (error: unknown) => {
      await handle.close()
      throw error
    })
    this.current = opened
    return opened
  }

  private isFull(): boolean {
    return this.current !== undefined && this.current.bytes >= this.options.segmentBytes
  }

  /** After a failed write or sync no one knows what is on the disk behind the last durable entry: that is cut, and the segment left. */
  private async abandon(segment: OpenSegment): Promise<void> {
    this.current = undefined
    try {
      await segment.handle.truncate(segment.bytes)
      await segment.handle.datasync()
    } catch (error) {
      this.options.warn({ err: error, segment: segment.number }, 'what could not be written to the ingest log could not be cut either')
    }
    await segment.handle.close().catch(() => {})
    if (segment.bytes > 0) return
    this.sizes.delete(segment.number)
    await deleteSegment(this.options.folder, segment.number).catch(() => {})
  }

  private async lookAtDisk(): Promise<void> {
    if (Date.now() - this.diskLookedAtMs < LOOK_AT_DISK_MS) return
    const { bavail, blocks, bsize } = await statfs(this.options.folder)
    const free = bavail * bsize
    if (free < Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE))
      throw new IngestError('unavailable', "The collector's disk is full. Send it again later.")
    this.diskLookedAtMs = Date.now()
  }
}

async function writeAll(handle: FileHandle, buffers: readonly Uint8Array[], position: number): Promise<void> {
  const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
  const { bytesWritten } = await handle.writev(buffers, position)
  if (bytesWritten === total) return
  // A disk that fills up takes a part; the rest says why.
  const rest = Buffer.concat(buffers).subarray(bytesWritten)
  for (let at = 0; at < rest.length; ) {
    const written = await handle.write(rest, at, rest.length - at, position + bytesWritten + at)
    if (written.bytesWritten === 0) throw new IngestError('unavailable', "The collector's disk takes nothing. Send it again later.")
    at += written.bytesWritten
  }
}

function whyNot(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return "The collector's disk is full. Send it again later."
  return "The collector's log can't be written to now. Nothing of it was kept: send it again."
}
