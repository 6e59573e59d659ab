import { endWorker, releaseRuns, setRootSpans, upsertWorker } from '@cairn/prisma'
import { type HeldRun, type OpenSpan, type WorkerCommand, WorkerMessage } from '@cairn/sdk/protocol'
import type { WebSocket } from 'ws'
import type { CollectorContext } from '../context.ts'
import type { Notifier } from '../runs/notifier.ts'
import { buryWorker } from './bury-worker.ts'
import { HEARTBEAT_MS, LEASE_MS, RECONNECT_GRACE_MS, RENEWAL_IN_FLIGHT_MS } from './lease.ts'
import { OpenSpans } from './open-spans.ts'

type Message = WorkerMessage

interface Connection {
  readonly workerId: string
  readonly projectId: string
  readonly socket: WebSocket
  readonly openSpans: OpenSpans
  agents: ReadonlySet<string>
  /** What it said with its last heartbeat. */
  held: readonly HeldRun[]
  saidGoodbye: boolean
}

/** What a worker said of itself with a heartbeat. */
export interface WorkerReport {
  readonly workerId: string
  readonly held: readonly HeldRun[]
}

/**
 * The workers connected to this process. A connection that drops is the first sign of a death: after a short grace for a
 * reconnect the worker is buried, and its runs are crashed.
 */
export class WorkerHub {
  readonly #ctx: CollectorContext
  readonly #notifier: Notifier
  readonly #connections = new Map<string, Connection>()
  /** Workers whose connection dropped and who may still come back. */
  readonly #grace = new Map<string, NodeJS.Timeout>()
  readonly #heard = new Set<string>()
  readonly #reported = new Set<string>()
  readonly #offWork: () => void
  #closing = false

  constructor(ctx: CollectorContext, notifier: Notifier) {
    this.#ctx = ctx
    this.#notifier = notifier
    this.#offWork = notifier.onWorkReady((projectId, agent) => this.#announceWork(projectId, agent))
  }

  get size(): number {
    return this.#connections.size
  }

  /** Sends a command if the worker is connected here; its next heartbeat or checkpoint tells it otherwise. */
  command(workerId: string, command: WorkerCommand): void {
    const connection = this.#connections.get(workerId)
    if (connection !== undefined) send(connection.socket, command)
  }

  /** Workers heard since the last call: their leases are due for renewal. */
  takeHeard(): string[] {
    const heard = [...this.#heard]
    this.#heard.clear()
    return heard
  }

  /** By this process' monotonic clock. */
  readonly startedAtMs = performance.now()

  /** Their leases could not be renewed now: they are due the next time. */
  hearAgain(workerIds: readonly string[]): void {
    for (const id of workerIds) if (this.#connections.has(id)) this.#heard.add(id)
  }

  /** What the workers that are connected here have said since the last call. Who has gone meanwhile may say more elsewhere. */
  takeReports(): WorkerReport[] {
    const reports = [...this.#reported].flatMap((id) => this.#connections.get(id) ?? [])
    this.#reported.clear()
    return reports
  }

  openSpansOf(workerId: string): OpenSpans {
    return this.#connections.get(workerId)?.openSpans ?? new OpenSpans()
  }

  /** What goes on in a trace right now, as the workers connected here tell it. */
  openSpans(projectId: string, traceId: string): OpenSpan[] {
    return [...this.#connections.values()]
      .filter((connection) => connection.projectId === projectId)
      .flatMap((connection) => connection.openSpans.ofTrace(traceId))
  }

  connectedIds(): string[] {
    return [...this.#connections.keys()]
  }

  /** The lease was renewed, or could not be because the worker was taken for dead. */
  noteRenewal(workerId: string, alive: boolean): void {
    const connection = this.#connections.get(workerId)
    if (connection === undefined) return
    if (alive) {
      send(connection.socket, { type: 'alive' })
      return
    }
    send(connection.socket, {
      type: 'error',
      code: 'stale_execution',
      message: 'This worker was taken for dead: its runs belong to others now.',
    })
    connection.saidGoodbye = true
    connection.socket.close(4409, 'stale worker')
  }

  /** Serves one socket of a worker of the project, until it closes. */
  accept(socket: WebSocket, projectId: string): void {
    let connection: Connection | undefined
    // One after the other: a message must not overtake the hello that it depends on.
    let queue: Promise<void> = Promise.resolve()
    socket.on('message', (data) => {
      queue = queue
        .then(async () => {
          const message = parseMessage(data.toString())
          if (typeof message === 'string') {
            send(socket, { type: 'error', code: 'invalid_request', message })
            return
          }
          connection = await this.#handle(socket, projectId, connection, message)
        })
        .catch((error: unknown) => {
          this.#ctx.log.error({ err: error, workerId: connection?.workerId }, 'a message of a worker failed')
          // The worker connects again and says hello anew.
          socket.close(1011, 'try again')
        })
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      void queue.then(() => connection && this.#dropped(connection))
    })
  }

  /** Closes all sockets without burying anyone: the workers connect to whoever comes next. */
  close(): void {
    this.#closing = true
    this.#offWork()
    for (const timer of this.#grace.values()) clearTimeout(timer)
    for (const { socket } of this.#connections.values()) socket.close(1012, 'the collector restarts')
  }

  async #handle(
    socket: WebSocket,
    projectId: string,
    connection: Connection | undefined,
    message: Message,
  ): Promise<Connection | undefined> {
    if (message.type === 'hello') return this.#hello(socket, projectId, message)
    if (connection === undefined) {
      send(socket, { type: 'error', code: 'invalid_request', message: 'Say hello first.' })
      return undefined
    }
    switch (message.type) {
      case 'heartbeat':
        connection.held = message.runs
        this.#heard.add(connection.workerId)
        this.#reported.add(connection.workerId)
        break
      case 'spans':
        await this.#spans(connection, message)
        break
      case 'goodbye':
        await this.#goodbye(connection)
        break
    }
    return connection
  }

  async #hello(socket: WebSocket, projectId: string, hello: Extract<Message, { type: 'hello' }>): Promise<Connection | undefined> {
    const alive = await upsertWorker(this.#ctx.pool, {
      id: hello.workerId,
      projectId,
      agents: JSON.stringify(hello.agents),
      capacity: hello.capacity,
      hostname: hello.hostname,
      pid: hello.pid,
      sdkVersion: hello.sdkVersion,
      leaseMs: LEASE_MS,
    })
    if (!alive) {
      send(socket, {
        type: 'error',
        code: 'stale_execution',
        message: `Worker ${hello.workerId} was taken for dead. Start again with a new worker id.`,
      })
      socket.close(4409, 'stale worker')
      return undefined
    }
    clearTimeout(this.#grace.get(hello.workerId))
    this.#grace.delete(hello.workerId)
    const before = this.#connections.get(hello.workerId)
    const connection: Connection = {
      workerId: hello.workerId,
      projectId,
      socket,
      openSpans: before?.openSpans ?? new OpenSpans(),
      agents: new Set(hello.agents.map((agent) => agent.name)),
      held: hello.runs,
      saidGoodbye: false,
    }
    this.#connections.set(hello.workerId, connection)
    if (before !== undefined && before.socket !== socket) before.socket.close(4000, 'replaced by a newer connection')
    send(socket, { type: 'welcome', leaseMs: LEASE_MS, heartbeatMs: HEARTBEAT_MS })
    return connection
  }

  async #spans(connection: Connection, message: Extract<Message, { type: 'spans' }>): Promise<void> {
    connection.openSpans.update(message.opened, message.closed)
    const roots = message.opened.filter((span) => span.root)
    if (roots.length > 0) await setRootSpans(this.#ctx.pool, connection.projectId, roots)
  }

  async #goodbye(connection: Connection): Promise<void> {
    connection.saidGoodbye = true
    await endWorker(this.#ctx.pool, { id: connection.workerId, reason: 'goodbye' })
    for (const run of await releaseRuns(this.#ctx.pool, connection.projectId, connection.workerId)) {
      this.#notifier.runChanged(run.id)
      if (run.status === 'queued') this.#notifier.workReady(run.projectId, run.agent)
      else this.#notifier.runEnded(run.projectId, run.agent)
    }
    this.#notifier.statusChanged()
    connection.socket.close(1000, 'goodbye')
  }

  #dropped(connection: Connection): void {
    if (this.#connections.get(connection.workerId) !== connection || this.#closing) return
    if (connection.saidGoodbye) {
      this.#connections.delete(connection.workerId)
      return
    }
    // What it said before must not count as a sign of life after this.
    this.#heard.delete(connection.workerId)
    const droppedAtMs = performance.now()
    const timer = setTimeout(() => void this.#bury(connection, droppedAtMs), RECONNECT_GRACE_MS)
    this.#grace.set(connection.workerId, timer)
  }

  async #bury(connection: Connection, droppedAtMs: number): Promise<void> {
    this.#grace.delete(connection.workerId)
    if (this.#connections.get(connection.workerId) === connection) this.#connections.delete(connection.workerId)
    try {
      // It may have come back to another collector meanwhile.
      const unseenForMs = performance.now() - droppedAtMs - RENEWAL_IN_FLIGHT_MS
      const ended = await endWorker(this.#ctx.pool, { id: connection.workerId, reason: 'lost', unseenForMs })
      if (ended === undefined) return
      await buryWorker({ ctx: this.#ctx, notifier: this.#notifier }, ended, connection.openSpans, 'its connection dropped')
    } catch (error) {
      // The job that looks for expired leases and for runs left behind does it.
      this.#ctx.log.error({ err: error, workerId: connection.workerId }, 'a lost worker could not be buried now')
    }
  }

  /** What is known of a worker whose lease ran out while it seemed connected. */
  forget(workerId: string): OpenSpans {
    const connection = this.#connections.get(workerId)
    if (connection === undefined) return new OpenSpans()
    connection.saidGoodbye = true
    this.#connections.delete(workerId)
    connection.socket.terminate()
    return connection.openSpans
  }

  #announceWork(projectId: string, agent: string): void {
    for (const connection of this.#connections.values())
      if (connection.projectId === projectId && connection.agents.has(agent)) send(connection.socket, { type: 'run', agent })
  }
}

/** The message, or what is wrong with it. */
function parseMessage(text: string): Message | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'Messages are JSON text.'
  }
  const parsed = WorkerMessage.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return `${issue?.path.join('.') ?? 'message'}: ${issue?.message ?? 'is not understood'}`
}

function send(socket: WebSocket, command: WorkerCommand): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(command))
}
