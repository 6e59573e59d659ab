import { setPriority } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { createClickHouse } from '@cairn/clickhouse'
import { createPool } from '@cairn/prisma'
import { GroupingCache } from '../../failures/grouping-cache.ts'
import { Ledger } from '../log/ledger.ts'
import { readLogId } from '../log/log-folder.ts'
import { type LogBlock, LogReader } from '../log/log-reader.ts'
import type { LogPosition } from '../log/position.ts'
import { listSegments } from '../log/segment-files.ts'
import { OverrideCache } from '../price/override-cache.ts'
import { BlockWriter } from './block-writer.ts'
import { BlockMaker } from './make-block.ts'
import { decodeWritten } from './memory-codec.ts'
import { setAside as setAsideIn } from './set-aside.ts'
import { SpanMemory } from './span-memory.ts'
import type { FromWriter, ToWriter, WriterData } from './writer-messages.ts'

// The thread that decodes, maps and inserts what is in the log: acknowledgements and heartbeats don't wait for it.

const BLOCK_BYTES = 16 * 1024 * 1024
/** Where all cores are busy, answers come first. Below 0, the usual, by so much that this thread still gets a third of what they get. */
const NICENESS = 5

// On Linux that is of a thread; elsewhere it would be of the whole process.
if (process.platform === 'linux') setPriority(NICENESS)

const { folder, clickhouseUrl, clickhouseCluster, databaseUrl } = workerData as WriterData
const tell = (message: FromWriter): void => parentPort?.postMessage(message)
const warn = (details: object, message: string): void => tell({ type: 'log', level: 'warn', details, message })

const memory = new SpanMemory()
const ledger = await Ledger.open(folder, { onDone: (bytes) => memory.remember(decodeWritten(bytes)), warn })
const reader = new LogReader({ folder, blockBytes: BLOCK_BYTES, warn })
const inDoubt = ledger.inDoubt === undefined ? undefined : await reader.again(ledger.inDoubt)
const clickhouse = createClickHouse({ url: clickhouseUrl, cluster: clickhouseCluster })
const pool = createPool(databaseUrl, {
  max: 1,
  applicationName: 'cairn-ingest',
  onError: (error) => warn({ err: error }, 'a connection to Postgres broke'),
})
const overrides = new OverrideCache(pool)
const grouping = new GroupingCache(pool)
const start = await findStart()

const writer = new BlockWriter({
  clickhouse,
  logId: readLogId(folder),
  reader,
  ledger,
  memory,
  maker: new BlockMaker({
    memory,
    getOverrides: (projectId) => overrides.get(projectId),
    getGrouping: (projectId) => grouping.get(projectId),
    setAside,
  }),
  start,
  onWritten: (position) => tell({ type: 'written', position }),
  onFailing: (isFailing) => tell({ type: 'failing', isFailing }),
  setAside,
  warn,
})
let isStarted = false
parentPort?.on('message', (message: ToWriter) => {
  if (message.type === 'close') void close()
  else {
    writer.advance(message.end, message.urgent)
    if (!isStarted) writer.start(inDoubt)
    isStarted = true
  }
})
tell({ type: 'opened', written: start })

async function close(): Promise<void> {
  await writer.close()
  await Promise.all([ledger.close(), clickhouse.close(), pool.end()])
  parentPort?.close()
}

async function setAside(block: LogBlock, error: unknown): Promise<void> {
  const payloads = block.entries.map(({ payload }) => payload)
  const path = await setAsideIn(join(folder, 'refused'), `${block.segment}-${block.from}`, payloads)
  const message = 'something of a request that was accepted can not be stored: it is set aside'
  tell({ type: 'log', level: 'error', details: { err: error, path }, message })
}

/** Behind what is done; where the ledger knows nothing, the oldest segment that there is. */
async function findStart(): Promise<LogPosition> {
  if (ledger.inDoubt !== undefined) return { segment: ledger.inDoubt.segment, offset: ledger.inDoubt.from }
  return ledger.doneUpTo ?? { segment: (await listSegments(folder))[0] ?? 0, offset: 0 }
}
