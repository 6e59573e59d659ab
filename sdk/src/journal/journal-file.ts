import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

const READ_BYTES = 1024 * 1024
const NEWLINE = 10

/** Lines read from one place, and the place after them. */
export interface JournalLines {
  readonly lines: readonly string[]
  readonly next: number
}

/** An append-only file of JSON lines, for its owner's eyes only. What a torn write left after the last line is no line. */
export class JournalFile {
  readonly path: string
  #handle: FileHandle | null = null
  #bytes = 0
  /** One at a time: what is written must not move under what is read or cleared. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.path = path
  }

  /** Bytes of whole lines. */
  get bytes(): number {
    return this.#bytes
  }

  /** Takes up a file that another process left. */
  async openExisting(): Promise<void> {
    const handle = await open(this.path, 'r+')
    this.#handle = handle
    const { size } = await handle.stat()
    this.#bytes = await endOfLastLine(handle, size)
    if (this.#bytes < size) await handle.truncate(this.#bytes)
  }

  /** @param sync whether to wait until the lines are on the disk, whatever happens to the machine */
  append(lines: readonly string[], sync: boolean): Promise<void> {
    return this.#inTurn(() => this.#append(lines, sync))
  }

  /** The lines from a place on, as many as are about a megabyte; at least one unless there is none. */
  read(from: number): Promise<JournalLines> {
    return this.#inTurn(() => this.#read(from))
  }

  clear(): Promise<void> {
    return this.#inTurn(async () => {
      await (await this.#open()).truncate(0)
      this.#bytes = 0
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work)
    this.#last = done.catch(() => {})
    return done
  }

  async #append(lines: readonly string[], sync: boolean): Promise<void> {
    const handle = await this.#open()
    const bytes = Buffer.from(`${lines.join('\n')}\n`)
    try {
      await writeAll(handle, bytes, this.#bytes)
      if (sync) await handle.datasync()
    } catch (error) {
      // On a full disk a part may be there: the next line must not be glued to it.
      await handle.truncate(this.#bytes).catch(() => {})
      throw error
    }
    this.#bytes += bytes.length
  }

  async #read(from: number): Promise<JournalLines> {
    const handle = await this.#open()
    for (let length = READ_BYTES; from < this.#bytes; length *= 4) {
      const buffer = Buffer.allocUnsafe(Math.min(length, this.#bytes - from))
      await readAll(handle, buffer, from)
      const end = buffer.lastIndexOf(NEWLINE)
      if (end >= 0) return { lines: buffer.toString('utf8', 0, end).split('\n'), next: from + end + 1 }
    }
    return { lines: [], next: from }
  }

  async close(): Promise<void> {
    await this.#last
    const handle = this.#handle
    this.#handle = null
    await handle?.close()
  }

  async remove(): Promise<void> {
    await this.close()
    // Where the folder can't be written there is no file either.
    await rm(this.path, { force: true }).catch(() => {})
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle !== null) return this.#handle
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 })
    this.#handle = await open(this.path, 'wx+', 0o600)
    return this.#handle
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}

async function readAll(handle: FileHandle, buffer: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < buffer.length; ) {
    const { bytesRead } = await handle.read(buffer, done, buffer.length - done, at + done)
    if (bytesRead === 0) throw new Error('The journal is shorter than it was.')
    done += bytesRead
  }
}

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(64 * 1024)
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - buffer.length)
    const part = buffer.subarray(0, end - from)
    await readAll(handle, part, from)
    const at = part.lastIndexOf(NEWLINE)
    if (at >= 0) return from + at + 1
    end = from
  }
  return 0
}
