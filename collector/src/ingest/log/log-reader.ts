import { open } from 'node:fs/promises'
import { type Frame, readFrames } from './frame.ts'
import { comparePositions, type LogPosition } from './position.ts'
import { listSegments, readFully, segmentPath } from './segment-files.ts'

export interface LogBlock {
  readonly segment: number
  readonly from: number
  readonly to: number
  /** Positions within the segment. */
  readonly entries: readonly { readonly from: number; readonly to: number; readonly payload: Buffer }[]
}

export interface LogReaderOptions {
  readonly folder: string
  /** A block has no more, unless one entry alone has. */
  readonly blockBytes: number
  readonly warn: (details: object, message: string) => void
}

/** Reads entries in order, in blocks that lie in one segment. */
export class LogReader {
  private readonly options: LogReaderOptions

  constructor(options: LogReaderOptions) {
    this.options = options
  }

  /** The block that begins at `at` or, where no entry is left there, in a later segment; undefined if none lies before `end`. */
  async next(at: LogPosition, end: LogPosition): Promise<LogBlock | undefined> {
    let position = at
    while (comparePositions(position, end) < 0) {
      const limit = position.segment === end.segment ? end.offset : Number.POSITIVE_INFINITY
      const block = await this.read(position, limit)
      if (block !== undefined) return block
      const later = (await listSegments(this.options.folder)).find((segment) => segment > position.segment)
      if (later === undefined) return undefined
      position = { segment: later, offset: 0 }
    }
    return undefined
  }

  /** The same block again, after a crash: with the boundaries that it had. */
  async again({ segment, from, to }: { segment: number; from: number; to: number }): Promise<LogBlock | undefined> {
    const block = await this.read({ segment, offset: from }, to, to - from)
    return block?.to === to ? block : undefined
  }

  private async read({ segment, offset }: LogPosition, limit: number, wanted = this.options.blockBytes): Promise<LogBlock | undefined> {
    const handle = await open(segmentPath(this.options.folder, segment), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (handle === undefined) return undefined
    try {
      const available = Math.min(limit, (await handle.stat()).size) - offset
      if (available <= 0) return undefined
      const load = async (bytes: number) => {
        const buffer = Buffer.allocUnsafeSlow(Math.min(bytes, available))
        return readFrames(buffer.subarray(0, await readFully(handle, buffer, offset)))
      }
      let { frames, end, needed } = await load(wanted)
      // An entry larger than a block: first its length is learnt, then it is read.
      for (let had = wanted; frames.length === 0 && end === 'cut' && needed > had && needed <= available; ) {
        had = needed
        ;({ frames, end, needed } = await load(needed))
      }
      if (frames.length > 0) return toBlock(segment, offset, frames)
      // Within the acknowledged part of a log that is a broken disk: the rest of the segment can't be read in frames.
      this.options.warn({ segment, offset, lostBytes: available }, 'the ingest log is damaged: the rest of a segment is left out')
      return undefined
    } finally {
      await handle.close()
    }
  }
}

function toBlock(segment: number, offset: number, frames: readonly Frame[]): LogBlock {
  const entries = frames.map(({ start, end, payload }) => ({ from: offset + start, to: offset + end, payload }))
  return { segment, from: offset, to: entries.at(-1)?.to ?? offset, entries }
}
