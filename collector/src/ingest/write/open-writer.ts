import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CollectorContext } from '../../context.ts'
import { Ledger } from '../log/ledger.ts'
import { readLogId } from '../log/log-folder.ts'
import { type LogBlock, LogReader } from '../log/log-reader.ts'
import type { LogPosition } from '../log/position.ts'
import { listSegments } from '../log/segment-files.ts'
import { OverrideCache } from '../price/override-cache.ts'
import { BlockWriter } from './block-writer.ts'
import { BlockInserter } from './insert-block.ts'
import { BlockMaker } from './make-block.ts'
import { decodeWritten } from './memory-codec.ts'
import { SpanMemory } from './span-memory.ts'

const BLOCK_BYTES = 24 * 1024 * 1024

/** The side of the log that writes into ClickHouse. */
export interface Writer {
  /** All before it is in ClickHouse. */
  readonly written: LogPosition
  readonly isFailing: boolean
  start(end: LogPosition): void
  /** All before `end` may be written now. `urgent`: someone waits for it. */
  advance(end: LogPosition, urgent?: boolean): void
  /** Stops after the insert that is under way. */
  close(): Promise<void>
}

export interface OpenWriterOptions {
  readonly ctx: CollectorContext
  readonly folder: string
  readonly onWritten: (position: LogPosition) => void
}

/** Reads what an earlier process wrote, and where it stopped. */
export async function openWriter({ ctx, folder, onWritten }: OpenWriterOptions): Promise<Writer> {
  const warn = (details: object, message: string) => ctx.log.warn(details, message)
  const memory = new SpanMemory()
  const ledger = await Ledger.open(folder, { onDone: (bytes) => memory.remember(decodeWritten(bytes)), warn })
  const reader = new LogReader({ folder, blockBytes: BLOCK_BYTES, warn })
  const inDoubt = ledger.inDoubt === undefined ? undefined : await reader.again(ledger.inDoubt)
  const overrides = new OverrideCache(ctx.pool)
  const setAside = async (block: LogBlock, error: unknown): Promise<void> => {
    const path = join(folder, 'refused', `${block.segment}-${block.from}`)
    await mkdir(join(folder, 'refused'), { recursive: true })
    await writeFile(path, Buffer.concat(block.entries.map(({ payload }) => payload)))
    ctx.log.error({ err: error, path }, 'a request that was accepted can not be stored: it is set aside')
  }
  const writer = new BlockWriter({
    inserter: new BlockInserter(ctx.clickhouse),
    logId: readLogId(folder),
    reader,
    ledger,
    memory,
    maker: new BlockMaker({ memory, getOverrides: (projectId) => overrides.get(projectId), setAside }),
    start: await findStart(folder, ledger),
    onWritten,
    setAside,
    warn,
  })
  return {
    get written() {
      return writer.written
    },
    get isFailing() {
      return writer.isFailing
    },
    start: (end) => {
      writer.advance(end)
      writer.start(inDoubt)
    },
    advance: (end, urgent) => writer.advance(end, urgent),
    close: async () => {
      await writer.close()
      await ledger.close()
    },
  }
}

/** Behind what is done; where the ledger knows nothing, the oldest segment that there is. */
async function findStart(folder: string, { inDoubt, doneUpTo }: Ledger): Promise<LogPosition> {
  if (inDoubt !== undefined) return { segment: inDoubt.segment, offset: inDoubt.from }
  if (doneUpTo !== undefined) return doneUpTo
  return { segment: (await listSegments(folder))[0] ?? 0, offset: 0 }
}
