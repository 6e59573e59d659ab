import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { WebSocket } from 'ws'
import type { Config } from '../config.ts'
import { CairnError, CollectorUnreachableError } from '../errors.ts'
import type { ServedAgent } from '../protocol/claim.ts'
import type { RunId, WorkerId } from '../protocol/ids.ts'
import { WorkerCommand, type WorkerMessage } from '../protocol/worker.ts'
import { backoffDelayMs } from '../runtime/retry.ts'
import type { RunStop } from '../runtime/run-stop.ts'
import { SDK_VERSION } from '../version.ts'
import { Lease } from './lease.ts'
import { OpenSpans } from './open-spans.ts'

export interface SessionOptions {
  readonly agents: readonly ServedAgent[]
  readonly capacity: number
  /** There is work for one of the agents, or the connection is back. */
  readonly onWork?: () => void
}

interface HeldRun {
  readonly execution: number
  readonly stop: RunStop
  readonly onSignal: Set<() => void>
  /** It has ended here, and the collector is yet to hear of it. */
  ended: boolean
}

// The collector buries a worker one second after its connection dropped: the first tries come well before that.
const RECONNECT = { backoffMs: 50, maxBackoffMs: 2_000 }
const CONNECT_TIMEOUT_MS = 5_000

/**
 * A worker's connection to the collector: says hello, holds the lease of its runs by heartbeats, hears commands.
 * Before the lease can have passed without the collector's word, its runs are stopped here.
 */
export class WorkerSession {
  readonly openSpans = new OpenSpans((message) => this.#send(message))
  readonly #config: Config
  readonly #options: SessionOptions
  readonly #held = new Map<string, HeldRun>()
  #id = newWorkerId()
  #socket: WebSocket | null = null
  #welcomed = false
  #closed = false
  readonly #lease = new Lease()
  #heartbeat: NodeJS.Timeout | null = null
  #reconnect: NodeJS.Timeout | null = null
  #attempts = 0
  #lastError: unknown = `no welcome in ${CONNECT_TIMEOUT_MS} ms`
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = []

  constructor(config: Config, options: SessionOptions) {
    this.#config = config
    this.#options = options
  }

  /** Changes when the collector has taken this worker for dead. */
  get id(): WorkerId {
    return this.#id
  }

  get isConnected(): boolean {
    return this.#welcomed
  }

  get heldRuns(): number {
    return this.#heldRunning()
  }

  /**
   * Connects, and is done at the collector's welcome. From then on it reconnects by itself.
   * @throws {CairnError} `unauthorized`, or `collector_unreachable` after `timeoutMs`, 5 s by default
   */
  async connect(timeoutMs = CONNECT_TIMEOUT_MS): Promise<void> {
    if (this.#welcomed) return
    if (this.#closed) throw new CairnError('closed', 'This worker was stopped.')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => reject(new CollectorUnreachableError(this.#config.url, this.#lastError)), timeoutMs)
    this.#waiting.push({ resolve, reject })
    if (this.#socket === null && this.#reconnect === null) this.#open()
    await promise.finally(() => clearTimeout(timer))
  }

  hold(runId: string, execution: number, stop: RunStop): void {
    this.#held.set(runId, { execution, stop, onSignal: new Set(), ended: false })
    this.#lease.guard({ url: this.#config.url, apiKey: this.#config.apiKey, workerId: this.#id })
    this.#updateRef()
  }

  /** The run has ended here. It is held until the collector has heard of that, but no process need wait for it. */
  ended(runId: string, execution: number): void {
    const run = this.#held.get(runId)
    if (run?.execution === execution) run.ended = true
    this.#updateRef()
  }

  release(runId: string, execution: number): void {
    if (this.#held.get(runId)?.execution !== execution) return
    this.#held.delete(runId)
    this.openSpans.forgetRun(runId, execution)
    this.#updateRef()
  }

  /** Calls back when a signal for this run comes in. Gives the function that ends it. */
  onSignal(runId: string, callback: () => void): () => void {
    this.#held.get(runId)?.onSignal.add(callback)
    return () => this.#held.get(runId)?.onSignal.delete(callback)
  }

  drainAll(): void {
    for (const run of this.#held.values()) run.stop.drain()
  }

  stopAll(reason: 'worker_stopping' | 'lease_lost' | 'stale_execution'): void {
    for (const run of this.#held.values()) run.stop.stop(reason)
  }

  /** Says goodbye, so that what is still held is queued for other workers at once, and disconnects. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#reconnect) clearTimeout(this.#reconnect)
    if (this.#heartbeat) clearInterval(this.#heartbeat)
    this.#lease.unguard()
    const socket = this.#socket
    if (socket === null) return
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    if (!this.#send({ type: 'goodbye' })) socket.terminate()
    // Nothing is said after it.
    this.#welcomed = false
    const timer = setTimeout(() => socket.terminate(), 2_000)
    await closed
    clearTimeout(timer)
  }

  #open(): void {
    const url = `${this.#config.url.replace(/^http/, 'ws')}/api/v1/worker`
    const headers = this.#config.apiKey === undefined ? {} : { authorization: `Bearer ${this.#config.apiKey}` }
    const socket = context.with(
      suppressTracing(context.active()),
      () => new WebSocket(url, { headers, handshakeTimeout: CONNECT_TIMEOUT_MS }),
    )
    this.#socket = socket
    socket.on('open', () => this.#hello())
    socket.on('message', (data) => this.#receive(String(data)))
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      const { statusCode = 0 } = response
      if (statusCode === 401 || statusCode === 403)
        this.#settle(
          new CairnError(
            'unauthorized',
            `The collector at ${this.#config.url} refused the key. Set CAIRN_API_KEY to a key of the project.`,
          ),
        )
      this.#dropped(socket)
    })
    // Every error is followed by a close, where it is dealt with; the last one tells why nobody could connect.
    socket.on('error', (error) => {
      this.#lastError = error
    })
    socket.on('close', (code) => {
      if (code === STALE_WORKER) this.#buried()
      this.#dropped(socket)
    })
  }

  #hello(): void {
    const runs = [...this.#held].map(([runId, { execution }]) => ({ runId: runId as RunId, execution }))
    this.#write({
      type: 'hello',
      workerId: this.#id,
      agents: [...this.#options.agents],
      capacity: this.#options.capacity,
      hostname: hostname().slice(0, 300),
      pid: process.pid,
      sdkVersion: SDK_VERSION,
      runs,
    })
  }

  #dropped(socket: WebSocket): void {
    if (this.#socket !== socket) return
    this.#socket = null
    this.#welcomed = false
    if (this.#closed) {
      this.#settle(new CairnError('closed', 'This worker was stopped.'))
      return
    }
    this.#attempts++
    this.#reconnect = setTimeout(
      () => {
        this.#reconnect = null
        this.#open()
      },
      backoffDelayMs(RECONNECT, this.#attempts),
    )
    this.#updateRef()
  }

  /** The collector has given this worker up: its runs go on elsewhere, and it comes back as a new one. */
  #buried(): void {
    this.stopAll('stale_execution')
    this.#held.clear()
    this.#id = newWorkerId()
    this.#lease.unguard()
  }

  #receive(text: string): void {
    const parsed = WorkerCommand.safeParse(parseJson(text))
    // A newer collector may send commands that this version doesn't know.
    if (!parsed.success) return
    const command = parsed.data
    switch (command.type) {
      case 'welcome':
        this.#welcome(command)
        break
      case 'alive':
        this.#lease.confirmed()
        break
      case 'run':
        this.#options.onWork?.()
        break
      case 'signal':
        for (const callback of this.#held.get(command.runId)?.onSignal ?? []) callback()
        break
      case 'pause':
        this.#stopRun(command, 'run_paused')
        break
      case 'cancel':
        this.#stopRun(command, 'run_cancelled')
        break
      case 'stale':
        this.#stopRun(command, 'stale_execution')
        break
      case 'error':
        if (command.code === 'unauthorized') this.#settle(new CairnError('unauthorized', command.message))
        break
    }
  }

  #stopRun(command: { runId: string; execution: number }, reason: 'run_paused' | 'run_cancelled' | 'stale_execution'): void {
    const run = this.#held.get(command.runId)
    if (run?.execution === command.execution) run.stop.stop(reason)
  }

  #welcome(grant: { leaseMs: number; heartbeatMs: number }): void {
    this.#lease.granted(grant)
    this.#welcomed = true
    this.#attempts = 0
    if (this.#heartbeat) clearInterval(this.#heartbeat)
    this.#heartbeat = setInterval(() => this.#beat(), grant.heartbeatMs).unref()
    this.openSpans.announceAgain()
    this.#settle(null)
    this.#updateRef()
    this.#options.onWork?.()
  }

  /**
   * Stops the runs if their lease may have passed: a process that was frozen finds that out here, before its next effect, and not
   * when its timers and sockets come round.
   */
  checkLease(): void {
    const collectorIsAway = this.#config.outage === 'continue' && !this.#welcomed
    if (this.#lease.mayHavePassed({ collectorIsAway })) this.stopAll('lease_lost')
  }

  #beat(): void {
    this.checkLease()
    this.#lease.looked()
    // Connected, but nobody there any more: a new connection tells.
    if (this.#lease.isSilent) this.#socket?.terminate()
    this.#send({ type: 'heartbeat', runs: [...this.#held].map(([runId, { execution }]) => ({ runId: runId as RunId, execution })) })
  }

  #heldRunning(): number {
    let count = 0
    for (const run of this.#held.values()) if (!run.ended) count++
    return count
  }

  #send(message: WorkerMessage): boolean {
    return this.#welcomed && this.#write(message)
  }

  #write(message: WorkerMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  #settle(error: Error | null): void {
    for (const { resolve, reject } of this.#waiting.splice(0)) error === null ? resolve() : reject(error)
  }

  /** A session that serves agents or holds a run keeps its process alive; one that only waits doesn't. */
  #updateRef(): void {
    const keep = this.#options.agents.length > 0 || this.#heldRunning() > 0
    if (keep) this.#reconnect?.ref()
    else this.#reconnect?.unref()
    const stream = this.#socket && streamOf(this.#socket)
    if (keep) stream?.ref()
    else stream?.unref()
  }
}

/** `ws` gives no other way to let a process end while a socket is open. */
const streamOf = (socket: WebSocket): { ref(): void; unref(): void } | undefined =>
  (socket as unknown as { _socket?: { ref(): void; unref(): void } })._socket

/** Close code by which the collector says that it has taken this worker for dead. */
const STALE_WORKER = 4409

const newWorkerId = (): WorkerId => `${hostname().slice(0, 100)}-${process.pid}-${randomBytes(4).toString('hex')}` as WorkerId

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
