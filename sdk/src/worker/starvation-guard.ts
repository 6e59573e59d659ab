import { Worker } from 'node:worker_threads'
import { diag } from '@opentelemetry/api'

/** A main thread that does nothing for longer is taken for hung, and its runs are given to others. */
const MOST_STARVED_MS = 10 * 60_000
const NS_PER_MS = 1_000_000n

// As text, so that bundlers need no second entry. It speaks only while the main thread can't.
const THREAD = `
const { workerData } = require('node:worker_threads')
const { url, apiKey, shared, everyMs, mostMs } = workerData
let asking = false
setInterval(async () => {
  const starvedMs = Number((process.hrtime.bigint() - Atomics.load(shared, 0)) / 1000000n)
  if (asking || starvedMs < everyMs * 1.5 || starvedMs > mostMs) return
  asking = true
  try {
    const headers = apiKey === undefined ? {} : { authorization: 'Bearer ' + apiKey }
    const answer = await fetch(url, { method: 'POST', headers, signal: AbortSignal.timeout(everyMs * 2) })
    const body = await answer.text()
    if (answer.ok && JSON.parse(body).alive === true) Atomics.store(shared, 1, process.hrtime.bigint())
  } catch {
    // Asked again in a moment: the lease says when it is too late.
  }
  asking = false
}, everyMs)
`

export interface GuardOptions {
  readonly url: string
  readonly apiKey: string | undefined
  readonly workerId: string
  readonly everyMs: number
}

/**
 * Keeps a worker's lease while a step blocks its main thread (`execSync`, a long computation), from a thread of its own.
 * Two times are shared with it: when the main thread last lived, and when the collector last said that the lease holds.
 */
export class StarvationGuard {
  readonly #shared = new BigInt64Array(new SharedArrayBuffer(16))
  readonly #thread: Worker

  constructor({ url, apiKey, workerId, everyMs }: GuardOptions) {
    this.mainLives()
    this.#thread = new Worker(THREAD, {
      eval: true,
      name: 'cairn-heartbeat',
      // Nothing that the process was started with, loaders of instrumentations for instance, belongs into this thread.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8, stackSizeMb: 1 },
      workerData: {
        url: `${url}/api/v1/workers/${encodeURIComponent(workerId)}/heartbeat`,
        apiKey,
        shared: this.#shared,
        everyMs,
        mostMs: MOST_STARVED_MS,
      },
    })
    this.#thread.unref()
    this.#thread.on('error', (error) => diag.warn(`Cairn: steps that block the main thread may lose their lease: ${error.message}`))
  }

  mainLives(): void {
    Atomics.store(this.#shared, 0, process.hrtime.bigint())
  }

  /** Milliseconds since the collector said to the thread that the lease holds; infinite if it never did. */
  get silentMs(): number {
    const at = Atomics.load(this.#shared, 1)
    return at === 0n ? Number.POSITIVE_INFINITY : Number((process.hrtime.bigint() - at) / NS_PER_MS)
  }

  stop(): void {
    void this.#thread.terminate()
  }
}
