import { Worker } from 'node:worker_threads'
import type { CollectorContext } from '../../context.ts'
import type { LogPosition } from '../log/position.ts'
import type { FromWriter, ToWriter, WriterData } from './writer-messages.ts'

export interface WriterOptions {
  readonly ctx: CollectorContext
  readonly folder: string
  readonly onWritten: (position: LogPosition) => void
}

const CONDITION = '@cairn/source'
/** A block's objects die young if there is room for them: collecting them costs next to nothing then. */
const YOUNG_MB = 128
const AGAIN_AFTER_MS = 1_000

/** The side of the log that writes into ClickHouse: a thread, started again if it should die. */
export class Writer {
  private readonly options: WriterOptions
  private worker: Worker
  private isClosing = false
  private failing = false
  private position: LogPosition
  private target: LogPosition

  private constructor(options: WriterOptions, { worker, written }: { worker: Worker; written: LogPosition }) {
    this.options = options
    this.worker = worker
    this.position = written
    this.target = written
    this.follow()
  }

  /** Reads what an earlier process wrote, and where it stopped. */
  static async open(options: WriterOptions): Promise<Writer> {
    return new Writer(options, await startThread(options))
  }

  /** All before it is in ClickHouse. */
  get written(): LogPosition {
    return this.position
  }

  get isFailing(): boolean {
    return this.failing
  }

  /** All before `end` may be written now. `urgent`: someone waits for it. */
  advance(end: LogPosition, urgent = false): void {
    this.target = end
    this.send({ type: 'advance', end, urgent })
  }

  /** Stops after the insert that is under way. */
  async close(): Promise<void> {
    this.isClosing = true
    // It may just have died.
    if (this.worker.threadId < 0) return
    const exited = new Promise((resolve) => this.worker.once('exit', resolve))
    this.send({ type: 'close' })
    await exited
  }

  private send(message: ToWriter): void {
    this.worker.postMessage(message)
  }

  private follow(): void {
    const { worker } = this
    const { log } = this.options.ctx
    worker.on('message', (message: FromWriter) => this.hear(message))
    worker.on('error', (error) => log.error({ err: error }, 'the thread that writes spans has died; another takes its place'))
    worker.once('exit', () => {
      if (this.isClosing) return
      this.failing = true
      setTimeout(() => void this.replace(), AGAIN_AFTER_MS).unref()
    })
  }

  private async replace(): Promise<void> {
    if (this.isClosing) return
    try {
      const { worker } = await startThread(this.options)
      this.worker = worker
      this.follow()
      this.advance(this.target)
    } catch (error) {
      this.options.ctx.log.error({ err: error }, 'the thread that writes spans can not be started')
      setTimeout(() => void this.replace(), AGAIN_AFTER_MS).unref()
    }
  }

  private hear(message: FromWriter): void {
    if (message.type === 'failing') this.failing = message.isFailing
    else if (message.type === 'log') this.options.ctx.log[message.level](message.details, message.message)
    else if (message.type === 'written') {
      this.failing = false
      this.position = message.position
      this.options.onWritten(message.position)
    }
  }
}

async function startThread({ ctx, folder }: WriterOptions): Promise<{ worker: Worker; written: LogPosition }> {
  const { clickhouseUrl, clickhouseCluster, databaseUrl } = ctx.config
  const workerData: WriterData = { folder, clickhouseUrl, clickhouseCluster, databaseUrl }
  const hasCondition = process.execArgv.some((arg) => arg.includes(CONDITION))
  const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    ...(hasCondition ? {} : { execArgv: [`--conditions=${CONDITION}`, '--disable-warning=ExperimentalWarning'] }),
  })
  const written = await new Promise<LogPosition>((resolve, reject) => {
    worker.on('message', (message: FromWriter) => {
      if (message.type === 'opened') resolve(message.written)
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The thread that writes spans ended at its start.')))
  })
  return { worker, written }
}
